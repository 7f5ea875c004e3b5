/** Weights for runs of the command line: what is not installed yet is imported. */
import { problemOf } from '@/base/errors'
import { CALLED } from '@/cli/fuse'
import { givenFiles, importFiles } from '@/cli/librarian'
import type { ImportFilesAnswer, ImportFilesRequest } from '@/cli/requests'
import { withLibrarian } from '@/engine/librarian'
import type { Precision } from '@/families/family'
import { FAMILIES, NETWORKS, type NetworkFamily } from '@/families/registry'
import { valueOf } from '@/worker/supervised'

/** Imports the files in the page's input that can be made into packs; of others it is said why they are none. */
export async function importGiven(
  { precisions, base: meant }: ImportFilesRequest,
  note: (line: string) => void,
): Promise<ImportFilesAnswer> {
  const run = withLibrarian(async (worker) => {
    const files = givenFiles()
    for (const { files: own, found } of valueOf(await worker.tell((models) => models.inspect(files)))) {
      if (!found.ok) {
        note(`${own.map(({ name }) => name).join(', ')}: ${found.problem.message}`)
        continue
      }
      const { packBytes, name, family, part, role, base, question } = found.value
      // Where nothing in an adapter tells whom it is for, it is for the model that is asked for.
      const mine = family === 'lora' && meant ? question?.answers.indexOf(FAMILIES[meant].name) : undefined
      const answer = mine === undefined || mine < 0 ? null : mine
      const network = family in NETWORKS ? NETWORKS[family as NetworkFamily] : null
      const offered = (Object.keys(packBytes) as Precision[]).filter(
        (one) => !network || network.precisions.includes(one),
      )
      const wanted = network?.order === 0 ? precisions : precisions.slice(0, 1)
      for (const precision of wanted) {
        const taken = offered.length === 0 || offered.includes(precision) ? precision : 'f16'
        const called = offered.length === 0 ? null : CALLED[taken]
        // Every tokenizer's file has the same name; they are small, and one that is there is found when it is stored.
        const isKnown = family !== 'tokenizer'
        const there =
          isKnown &&
          valueOf(await worker.call((models) => models.list())).some(
            (one) =>
              one.family === family &&
              (answer !== null || (one.base ?? base) === base) &&
              (called === null || one.precision === called) &&
              own.some((file) => one.files.includes(file.name)),
          )
        if (!there) await importFiles(worker, own, { precision: taken, name, role, part, answer }, note)
      }
    }
  })
  return run.then(
    () => ({ ok: true as const }),
    (error: unknown) => ({ ok: false as const, problem: problemOf(error) }),
  )
}
