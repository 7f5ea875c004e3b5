import type { AppServices } from '@/app/services'
import { randomSeed } from '@/base/seed'
import { setSetting } from '@/document/commands'

/** Fuses the same once more from another seed. */
export async function anotherSeed({ document, results, fuses }: AppServices): Promise<void> {
  setSetting(document, 'seed', randomSeed())
  results.discard()
  await fuses.fuse()
}
