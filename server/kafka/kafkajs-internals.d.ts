/**
 * kafkajs' protocol layer. Its public API asks for offsets one topic at a time, stops at the first bad partition and
 * reads records only through a consumer group; the layer below does neither. The version is pinned exactly.
 */
declare module "kafkajs/src/broker/index.js" {
  interface ProtocolCall {
    request: { apiKey: number; encode(): Promise<unknown> };
    response: { decode(raw: unknown): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
    requestTimeout?: number;
  }
  class Broker {
    constructor(options: {
      connectionPool: import("kafkajs/src/network/connectionPool.js");
      logger: import("kafkajs").Logger;
      nodeId?: number;
      allowAutoTopicCreation: boolean;
    });
    readonly brokerAddress: string;
    connectionPool: import("kafkajs/src/network/connectionPool.js");
    lookupRequest(apiKey: number, definition: { versions: string[] }): (args: object) => ProtocolCall;
    isConnected(): boolean;
    connect(): Promise<void>;
    disconnect(): Promise<void>;
  }
  export = Broker;
}

declare module "kafkajs/src/network/connectionPool.js" {
  class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      ssl?: object | undefined;
      clientId: string;
      socketFactory: unknown;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      maxInFlightRequests: number | null;
      instrumentationEmitter: null;
      logger: import("kafkajs").Logger;
    });
    send(call: object): Promise<unknown>;
  }
  export = ConnectionPool;
}

declare module "kafkajs/src/network/socketFactory.js" {
  function createSocketFactory(): unknown;
  export = createSocketFactory;
}

declare module "kafkajs/src/protocol/requests/apiKeys.js" {
  const apiKeys: Record<"Fetch" | "ListOffsets" | "Metadata" | "OffsetFetch" | "GroupCoordinator", number>;
  export = apiKeys;
}

declare module "kafkajs/src/protocol/requests/index.js" {
  const api: {
    requests: Record<
      "Fetch" | "ListOffsets" | "Metadata" | "OffsetFetch" | "GroupCoordinator",
      { versions: string[] }
    >;
  };
  export = api;
}

declare module "kafkajs/src/protocol/error.js" {
  const errors: { createErrorFromCode(code: number): Error & { type: string } };
  export = errors;
}
