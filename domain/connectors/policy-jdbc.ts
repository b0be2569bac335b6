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
  const name = /^(?:database|driver|connection|hibernate\.connection|hibernate)\.([A-Za-z0-9]+)$/
    .exec(key)?.[1]
    ?.toLowerCase();
  if (name === undefined || !DANGEROUS.has(name)) return undefined;
  return "This driver property may not be set: it makes the driver load code or files";
}

function* parameters(url: string): Generator<[name: string, value: string]> {
  const start = url.search(/[?;]/);
  if (start < 0) return;
  for (const pair of url.slice(start + 1).split(/[&;?]/)) {
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    yield [decode(name).trim().toLowerCase(), equals < 0 ? "" : decode(pair.slice(equals + 1)).trim()];
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
