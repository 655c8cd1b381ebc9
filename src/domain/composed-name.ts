/**
 * A name with each letter and its marks in one character (NFC), to compare names by: the Finder of macOS stores `Ü` as
 * `U` and two dots, and keyboards type one character.
 */
export function composedName(name: string): string {
  return ASCII.test(name) ? name : name.normalize("NFC");
}

/** A name as file systems compare it that tell neither cases nor ways to write a letter apart: those of macOS and Windows. */
export function foldedName(name: string): string {
  return composedName(name).toLowerCase();
}

/** A path with the drive of Windows in upper case, as a disk spells it; editors write it in lower case. */
export function withUpperDrive(file: string): string {
  return file.replace(/^[a-z](?=:[\\/])/, (drive) => drive.toUpperCase());
}

// Most names are, and asking costs less than normalising.
// oxlint-disable-next-line no-control-regex -- control characters are ASCII too.
const ASCII = /^[\u0000-\u007f]*$/;
