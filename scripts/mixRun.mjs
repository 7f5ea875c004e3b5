// One mixture on the headless page.
import { basename } from 'node:path'

/** @typedef {import('./mixOptions.mjs').MixOptions} MixOptions */

/** Local files behind the addresses that the page is given. @param {MixOptions} options */
export const mixMountsOf = ({ objects }) =>
  Object.fromEntries(objects.map(({ file }, index) => [`object-${index}`, file]))

/** @param {import('./headless.mjs').Headless} headless @param {MixOptions} options */
export async function mixOn({ origin, page, call }, options) {
  const { objects, models, out, alpha, prompt, size, steps, seed, precision, backend, arithmetic } = options
  const input = await page.evaluateHandle(() => {
    const element = Object.assign(document.createElement('input'), { type: 'file', multiple: true })
    document.body.append(element)
    return element
  })
  await input.setInputFiles(models.flat())
  const picture = page.waitForEvent('download', { timeout: 0 })
  picture.catch(() => {}) // The page closes without one when it fails.
  const answer = await call('mix', {
    objects: objects.map(({ file, label }, index) => ({
      picture: { url: `${origin}/files/object-${index}`, name: basename(file) },
      label,
    })),
    models: models.map(({ length }) => length),
    alpha,
    prompt,
    size,
    steps,
    seed,
    precision,
    backend,
    arithmetic,
  })
  if (answer.ok) await (await picture).saveAs(out)
  return answer
}
