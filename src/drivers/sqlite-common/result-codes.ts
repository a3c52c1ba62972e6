/**
 * SQLite's result codes by name, from 0 on, each with its extended codes from 1 on (`-` where there is none): the extended code is the
 * number of the extension times 256, plus the code. Both kinds only ever grow at their ends.
 */
const NAMES: readonly (readonly [name: string, extensions: string])[] = [
  ["OK", "LOAD_PERMANENTLY SYMLINK"],
  ["ERROR", "MISSING_COLLSEQ RETRY SNAPSHOT RESERVESIZE KEY UNABLE"],
  ["INTERNAL", ""],
  ["PERM", ""],
  ["ABORT", "- ROLLBACK"],
  ["BUSY", "RECOVERY SNAPSHOT TIMEOUT"],
  ["LOCKED", "SHAREDCACHE VTAB"],
  ["NOMEM", ""],
  ["READONLY", "RECOVERY CANTLOCK ROLLBACK DBMOVED CANTINIT DIRECTORY"],
  ["INTERRUPT", ""],
  [
    "IOERR",
    "READ SHORT_READ WRITE FSYNC DIR_FSYNC TRUNCATE FSTAT UNLOCK RDLOCK DELETE BLOCKED NOMEM ACCESS CHECKRESERVEDLOCK LOCK CLOSE DIR_CLOSE " +
      "SHMOPEN SHMSIZE SHMLOCK SHMMAP SEEK DELETE_NOENT MMAP GETTEMPPATH CONVPATH VNODE AUTH BEGIN_ATOMIC COMMIT_ATOMIC ROLLBACK_ATOMIC " +
      "DATA CORRUPTFS IN_PAGE BADKEY CODEC",
  ],
  ["CORRUPT", "VTAB SEQUENCE INDEX"],
  ["NOTFOUND", ""],
  ["FULL", ""],
  ["CANTOPEN", "NOTEMPDIR ISDIR FULLPATH CONVPATH DIRTYWAL SYMLINK"],
  ["PROTOCOL", ""],
  ["EMPTY", ""],
  ["SCHEMA", ""],
  ["TOOBIG", ""],
  ["CONSTRAINT", "CHECK COMMITHOOK FOREIGNKEY FUNCTION NOTNULL PRIMARYKEY TRIGGER UNIQUE VTAB ROWID PINNED DATATYPE"],
  ["MISMATCH", ""],
  ["MISUSE", ""],
  ["NOLFS", ""],
  ["AUTH", "USER"],
  ["FORMAT", ""],
  ["RANGE", ""],
  ["NOTADB", ""],
  ["NOTICE", "RECOVER_WAL RECOVER_ROLLBACK RBU"],
  ["WARNING", "AUTOINDEX"],
];

/** The number of every result code by its full name, `SQLITE_CONSTRAINT_UNIQUE`. */
export const RESULT_CODES: ReadonlyMap<string, number> = new Map(
  NAMES.flatMap(([name, extensions], code) => {
    const extended = extensions
      .split(" ")
      .map((extension, index) => entry(`${name}_${extension}`, (index + 1) * 256 + code));
    return [entry(name, code), ...(extensions === "" ? [] : extended)].filter(([full]) => !full.endsWith("-"));
  }),
);

function entry(name: string, code: number): readonly [string, number] {
  return [`SQLITE_${name}`, code];
}
