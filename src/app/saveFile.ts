/** As long as a browser may ask where to put it, and then copy it, ms. */
export const DOWNLOAD_MS = 600_000

/** Gives a file to the user as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_MS)
}
