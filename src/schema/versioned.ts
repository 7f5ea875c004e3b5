/** Reading what any version of the studio has stored. */
import * as v from 'valibot'

/** A stored object of some version, before it is known to be valid. */
export type Stored = Readonly<Record<string, unknown>>

/** Brings an object of one version to the next, as pure data; what is odd stays odd, for the schema to refuse. */
export type Migration = (value: Stored) => Stored

export type Read<T> = { ok: true; value: T } | { ok: false; reason: string }

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
    if (!isStored(value)) return { ok: false, reason: 'expected an object' }
    const { schema: version = 1 } = value
    if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
      return { ok: false, reason: `schema: ${JSON.stringify(version)} is no version` }
    if (version > current)
      return { ok: false, reason: `schema: version ${version} is newer than this studio's ${current}` }
    const latest = migrations
      .slice(version - 1)
      .reduce<Stored>((old, step, index) => ({ ...step(old), schema: version + index + 1 }), {
        ...value,
        schema: version,
      })
    const result = v.safeParse(schema, latest)
    if (result.success) return { ok: true, value: result.output }
    const [issue] = result.issues
    return { ok: false, reason: `${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}` }
  }
}
