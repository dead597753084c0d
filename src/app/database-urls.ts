/** Where the databases are: addresses of PostgreSQL servers, the embedded cluster's among them. */
export interface DatabaseUrls {
  url: string;
  replicaUrls: readonly string[];
  auditUrl: string;
}
