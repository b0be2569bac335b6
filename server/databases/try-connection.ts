import {
  type ConnectionTest,
  explainConnectionFailure,
  loginRemarks,
} from "#domain/databases/connection-test.ts";
import { ENGINE_NAME } from "#domain/databases/engine.ts";
import { explainMariadbFailure } from "#domain/databases/mariadb-connection.ts";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { describeLogin as describeMariadbLogin } from "#server/mariadb/describe-login.ts";
import { MariadbFailure } from "#server/mariadb/failures.ts";
import { withSingleConnection as withMariadb } from "#server/mariadb/single-connection.ts";
import type { Credential } from "#server/postgres/connection.ts";
import { describeLogin } from "#server/postgres/describe-login.ts";
import { PostgresFailure } from "#server/postgres/failures.ts";
import { withSingleConnection } from "#server/postgres/readonly-pools.ts";
import { readReadonlyCredential, requirePostgres } from "./with-readonly-connection.ts";

/** One connection with Headgate's own credential, from Vault to a first answer; every expected failure is a result. */
export async function tryConnection(
  deps: Pick<Deps, "vault" | "now">,
  database: DatabaseAddress,
): Promise<ConnectionTest> {
  const testedAt = deps.now();
  let credential: Credential;
  try {
    credential = await readReadonlyCredential(deps, database);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      ok: false,
      problem: "credential_unavailable",
      sentence: error.message,
      fix: "Check the references of Headgate's read-only credential",
      testedAt,
    };
  }
  const startedAt = performance.now();
  try {
    const login = await logIn(database, credential);
    if (!login.isExpected) {
      return explainMariadbFailure(
        { code: "PROTOCOL_CONNECTION_LOST", message: "another product answered" },
        database,
        testedAt,
      );
    }
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    return {
      ok: true,
      sentence: `Connected to ${ENGINE_NAME[database.engine]} ${login.version}${login.tls ? ` over ${login.tls}` : ""} in ${latencyMs} ms`,
      serverVersion: login.version,
      latencyMs,
      ...(login.tls === undefined ? {} : { tls: login.tls }),
      isStandby: login.isStandby,
      role: login.role,
      remarks: loginRemarks(login.role, database.tlsMode, login.isStandby),
      testedAt,
    };
  } catch (error) {
    if (error instanceof MariadbFailure) return explainMariadbFailure(error.failure, database, testedAt);
    if (!(error instanceof PostgresFailure)) throw error;
    return explainConnectionFailure(error.failure, database, testedAt);
  }
}

async function logIn(database: DatabaseAddress, credential: Credential) {
  if (database.engine === "mariadb") {
    const login = await withMariadb(database, credential, describeMariadbLogin);
    return { ...login, isExpected: login.isMariadb };
  }
  requirePostgres(database);
  return { ...(await withSingleConnection(database, credential, describeLogin)), isExpected: true };
}
