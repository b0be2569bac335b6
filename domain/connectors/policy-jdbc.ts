/**
 * Driver properties that load classes, read files of the worker or write them; each has been an exploit of pgjdbc,
 * Connector/J, MariaDB's or H2's driver. Names in lower case.
 */
const DANGEROUS = new Set([
  "socketfactory",
  "socketfactoryarg",
  "sslfactory",
  "sslfactoryarg",
  "sslhostnameverifier",
  "sslpasswordcallback",
  "authenticationpluginclassname",
  "xmlfactoryfactory",
  "loggerfile",
  "jaasapplicationname",
  "jaaslogin",
  "autodeserialize",
  "queryinterceptors",
  "statementinterceptors",
  "exceptioninterceptors",
  "connectionlifecycleinterceptors",
  "propertiestransform",
  "authenticationplugins",
  "defaultauthenticationplugin",
  "clientinfoprovider",
  "loadbalancestrategy",
  "serveraffinityorder",
  "allowloadlocalinfile",
  "allowloadlocalinfileinpath",
  "allowurlinlocalinfile",
  "allowlocalinfile",
  "credentialtype",
  "clientreroutserverlistjndiname",
  "clientrerouteserverlistjndiname",
  "init",
  "trustmanagerclass",
  "trustmanagerconstructorarg",
  "socketfactoryclass",
  "socketfactoryconstructorarg",
  "accesstokencallbackclass",
]);

const SECRET = new Set(["password", "pass", "pwd", "sslpassword", "keystorepassword", "truststorepassword"]);

/** Why a JDBC URL is refused, if it is: code by parameter, or a literal password. */
export function jdbcUrlProblem(value: string): string | undefined {
  const text = value.trim();
  if (!/^jdbc:/i.test(text)) return undefined;
  if (/^jdbc:h2:/i.test(text)) return "The embedded database H2 may not be used through a JDBC URL";
  if (/\/\/[^/?;]*:[^/?;@]*@|^jdbc:oracle:[^@/]+\/[^@]+@/i.test(text))
    return "Take the user and password out of the URL and reference them from Vault";
  for (const [name, setting] of parameters(text)) {
    if (DANGEROUS.has(name))
      return `The driver parameter ${name} may not be set: it makes the driver load code or files`;
    if (SECRET.has(name) && setting !== "" && !/^\$\{[^}]*\}$/.test(setting)) {
      return "Take the password out of the URL and reference it from Vault in its own key";
    }
  }
  return undefined;
}

/** Debezium hands `database.*` and `driver.*` to the driver as they are, so the same names are refused there. */
export function loadsDriverCode(key: string): string | undefined {
  if (/^hibernate\.(jndi\.|connection\.datasource$)/.test(key))
    return "This driver property may not be set: it looks the connection up in a naming service";
  const name = /^(?:database|driver|connection|hibernate\.connection|hibernate)\.([A-Za-z0-9]+)$/
    .exec(key)?.[1]
    ?.toLowerCase();
  if (name === undefined || !DANGEROUS.has(name)) return undefined;
  return "This driver property may not be set: it makes the driver load code or files";
}

/** Connector/J also takes properties beside the host, `(host=h,name=value)`, and DB2 after a colon. */
const NAMED = /(?:^|[?&;,(:/])\s*([\w.]+)\s*=(?=\s*(\$\{[^}]*\}|[^?&;,)]*))/g;

const SWITCHED_ON = /[?&;]\s*([\w.]+)\s*(?=[?&;]|$)/g;

function* parameters(url: string): Generator<[name: string, value: string]> {
  const text = decode(url);
  for (const pattern of [NAMED, SWITCHED_ON])
    for (const [, name = "", value = ""] of text.matchAll(pattern)) yield [name.toLowerCase(), value.trim()];
}

/** Escape by escape: one that is broken must not keep the others from being read. */
function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
