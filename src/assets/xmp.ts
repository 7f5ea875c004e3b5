/** The recipe in XMP (ISO 16684-1), the way Photoshop documents carry what made them. */

/** Ours in XMP; it names nothing that could be fetched. */
const NAMESPACE = 'urn:inlay:1.0'

/** A packet that says who made a file and, where that is known, how: the recipe's JSON as one property. */
export function toXmp(recipe: string | null): string {
  const property = recipe === null ? '' : ` xmlns:inlay="${NAMESPACE}" inlay:recipe="${escaped(recipe)}"`
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Inlay"${property}/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character])

/** The recipe's JSON in a packet; null where there is none. Editors may have made an element of the property. */
export function fromXmp(packet: string): string | null {
  const found = /inlay:recipe\s*=\s*(?:"([^"]*)"|'([^']*)')|<inlay:recipe>([^<]*)</.exec(packet)
  const text = found?.slice(1).find((one) => one !== undefined)
  return text?.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, unescaped) ?? null
}

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
function unescaped(entity: string, decimal?: string, hex?: string, name?: string): string {
  const code = decimal ? parseInt(decimal, 10) : hex ? parseInt(hex, 16) : NaN
  if (code <= 0x10ffff) return String.fromCodePoint(code)
  return (name && CHARACTERS[name]) ?? entity
}
