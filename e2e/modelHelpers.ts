/** What the tests of imported models share. */
import { expect, type Studio } from './studio'
import { filesOf, type ModelFiles } from './tinyModels'

/** Imports and pictures of tiny models, on a busy machine. */
export const PATIENCE = 120_000

/**
 * Drops a set group by group, as a user would who downloads it piece by piece, and imports everything at once.
 * @param models how many it holds; the last group may hold several
 */
export async function importSet(studio: Studio, sets: readonly ModelFiles[], models = sets.length) {
  await studio.get('models-open').click()
  for (const [index, set] of sets.entries()) {
    await studio.drop(studio.get('models-drop'), ...filesOf(set))
    const found = index === sets.length - 1 ? models : index + 1
    await expect(studio.get('models-found')).toHaveCount(found, { timeout: PATIENCE })
  }
  // One find has its own button only.
  await (sets.length > 1 ? studio.get('models-import-all') : studio.get('models-import')).click()
  await expect(studio.get('model-row')).toHaveCount(models, { timeout: PATIENCE })
  await studio.page.keyboard.press('Escape')
}

/** Changes settings that the page offers in larger steps only: the test's pictures shall be small. */
export const shrink = (
  studio: Studio,
  part: 'fluxPlace' | 'kleinPlace' | 'compose' | 'kleinCompose',
  change: Record<string, number>,
) =>
  studio.page.evaluate(
    ([key, values]) => {
      const { inlay } = window as unknown as {
        inlay: {
          document: { actions: { apply(name: string, f: (draft: Record<string, object>) => void): void } }
        }
      }
      inlay.document.actions.apply('small', (draft) => Object.assign(draft[key], values))
    },
    [part, change] as const,
  )
