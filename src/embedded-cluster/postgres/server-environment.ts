/**
 * The whole environment of PostgreSQL's programs. Nothing of ours is passed on: PGDATA, PGPORT or a locale that this
 * machine lacks would change what they do.
 */
export const serverEnvironment = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/local/bin:/usr/bin:/bin" };
