/** Encodings by the numbers that Windows gives them, where the name does not follow from the number. */
const BY_CODE_PAGE: Readonly<Record<number, string>> = {
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gb18030",
  949: "euc-kr",
  950: "big5",
  1_200: "utf-16le",
  1_361: "euc-kr",
  10_000: "macintosh",
  20_127: "windows-1252",
  20_866: "koi8-r",
  21_866: "koi8-u",
  28_592: "iso-8859-2",
  28_595: "iso-8859-5",
  28_597: "iso-8859-7",
  28_605: "iso-8859-15",
  32_768: "macintosh",
  50_220: "iso-2022-jp",
  51_932: "euc-jp",
  51_949: "euc-kr",
  54_936: "gb18030",
  65_000: "utf-8",
  65_001: "utf-8",
};

/** The encoding of a code page of Windows; windows-1252 where it is not known. */
export function encodingOfCodePage(page: number): string {
  return BY_CODE_PAGE[page] ?? (page >= 1_250 && page <= 1_258 ? `windows-${page}` : "windows-1252");
}

/** The text of bytes in a code page of Windows. */
export function decodeCodePage(bytes: Uint8Array, page: number): string {
  return new TextDecoder(encodingOfCodePage(page)).decode(bytes);
}
