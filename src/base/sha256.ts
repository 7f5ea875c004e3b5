import { createSHA256 } from 'hash-wasm'

/** A page over plain http has no `subtle`, whatever the types say. */
const { subtle } = crypto as { subtle?: SubtleCrypto }

/** The 32 bytes of sha256: by the browser, or where the page is not secure by wasm (a third as fast). */
export async function sha256Bytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (subtle) return new Uint8Array(await subtle.digest('SHA-256', bytes))
  return (await createSHA256()).update(bytes).digest('binary')
}

/** sha256 as lower-case hex, 64 digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Array.from(await sha256Bytes(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
