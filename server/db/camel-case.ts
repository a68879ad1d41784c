import { CamelCasePlugin, type PluginTransformResultArgs, type QueryResult, sql, type UnknownRow } from 'kysely'

/**
 * Names columns in the code as its row types do. Rows that come out named like that already (`columnsAs`) are left as they
 * are: writing fifty columns of a row anew takes longer than reading them.
 */
export class CamelCaseNames extends CamelCasePlugin {
  override async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const [first] = args.result.rows
    const isNamed = !first || !Object.keys(first).some((name) => name.includes('_'))
    return isNamed ? args.result : super.transformResult(args)
  }
}

/** Columns to select, named as in the row types. */
export function columnsAs(table: string, names: readonly string[]) {
  return sql.join(names.map((name) => sql`${sql.ref(`${table}.${name}`)} as ${sql.raw(`"${name}"`)}`))
}
