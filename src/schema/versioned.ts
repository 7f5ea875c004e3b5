/** Reading what any version of the studio has stored. */
import * as v from 'valibot'

/** A stored object of some version, before it is known to be valid. */
export type Stored = Readonly<Record<string, unknown>>

/** Brings an object of one version to the next, as pure data; what is odd stays odd, for the schema to refuse. */
export type Migration = (value: Stored) => Stored

/** `newer`: a later version of the studio wrote it. */
export type Read<T> = { ok: true; value: T } | { ok: false; reason: string; newer: boolean }

export const isStored = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A reader of one kind of stored thing. `migrations[n]` leads from version n + 1 to the next; what carries no version
 * is of the first. Never throws: `reason` names the place of the first fault, or a version that is newer than ours.
 */
export function versioned<T>(
  schema: v.GenericSchema<unknown, T>,
  migrations: readonly Migration[],
): (value: unknown) => Read<T> {
  const current = migrations.length + 1
  return (value) => {
    const refused = (reason: string) => ({ ok: false, reason, newer: false }) as const
    if (!isStored(value)) return refused('expected an object')
    const { schema: version = 1 } = value
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
      return refused(`schema: ${JSON.stringify(version)} is no version`)
    if (version > current)
      return { ...refused(`schema: version ${version} is newer than this studio's ${current}`), newer: true }
    const latest = migrations
      .slice(version - 1)
      .reduce<Stored>((old, step, index) => ({ ...step(old), schema: version + index + 1 }), {
        ...value,
        schema: version,
      })
    const result = v.safeParse(schema, latest)
    if (result.success) return { ok: true, value: result.output }
    const [issue] = result.issues
    return refused(`${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}`)
  }
}
