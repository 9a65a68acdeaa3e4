// Where a server is, for messages: never a password.

/** Where the connection goes, for messages. Never a password. */
export interface Place {
  /** Or the path of a socket, its folder on PostgreSQL. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}
