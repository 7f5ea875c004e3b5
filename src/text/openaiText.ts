/**
 * What the original CLIP code does to a text before it is split (golden case clip-bpe): signs of wrong decoding mended,
 * HTML entities resolved, typographic forms made plain. Models that were run through transformers do not want it.
 */

/** The characters 80 to 9f of windows-1252; where it has none, latin-1's. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Entities by name: those of latin-1 in the order of their code points, and the punctuation that prompts may hold. */
const LATIN_1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute ' +
  'thorn yuml'
const ENTITIES = new Map<string, string>([
  ...LATIN_1.split(' ').map((name, i): [string, string] => [name, String.fromCodePoint(160 + i)]),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    hellip: '…',
    ndash: '–',
    mdash: '—',
  }),
  ...Object.entries({ lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„', bull: '•' }),
  ...Object.entries({
    euro: '€',
    trade: '™',
    infin: '∞',
    larr: '←',
    rarr: '→',
    hearts: '♥',
    OElig: 'Œ',
    oelig: 'œ',
  }),
])

const LIGATURES: Record<string, string> = {
  Ĳ: 'IJ',
  ĳ: 'ij',
  ŉ: 'ʼn',
  Ǆ: 'DŽ',
  ǅ: 'Dž',
  ǆ: 'dž',
  Ǉ: 'LJ',
  ǈ: 'Lj',
  ǉ: 'lj',
  Ǌ: 'NJ',
  ǋ: 'Nj',
  ǌ: 'nj',
  Ǳ: 'DZ',
  ǲ: 'Dz',
  ǳ: 'dz',
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
}

/** The text as CLIP's own code would hand it to its splitter, lower case and spaces aside. */
export function openaiText(text: string): string {
  let mended = text.includes('<') ? text : unescapeHtml(text)
  mended = repairEncoding(mended)
    .replace(/\x1b\[[\d;]*[a-zA-Z]/g, '')
    .replace(/./gu, (letter) => LIGATURES[letter] ?? letter)
    .replace(/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize('NFKC'))
    .replace(/[\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')

    .replace(/[\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g, '')
    .normalize('NFC')
  // CLIP lowers the whole text before it looks for its special tokens.
  return unescapeHtml(unescapeHtml(mended)).trim().toLowerCase()
}

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name as string) ?? whole
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  })
}

/** UTF-8 that was read as windows-1252, read aright: `schÃ¶n` is schön. Any other text is left alone. */
function repairEncoding(text: string): string {
  const bytes: number[] = []
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    const high = WINDOWS_1252.indexOf(letter)
    if (high >= 0) bytes.push(0x80 + high)
    else if (code < 256) bytes.push(code)
    else return text
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
  } catch {
    return text
  }
}
