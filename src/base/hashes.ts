/** Every sha256 in hex that stands in a text: of whatever shape what holds them is, it names these pictures. */
export const hashesIn = (text: string): string[] => text.match(/\b[0-9a-f]{64}\b/g) ?? []
