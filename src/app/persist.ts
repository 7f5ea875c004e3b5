/** Asks the browser to keep our data; true when it does. May show a question, so call it on a user's action. */
export async function persistStorage(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist())
  } catch {
    return false
  }
}
