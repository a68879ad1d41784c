/**
 * From the press of a button until the page it leads to is there. That page may have to be fetched first, and a second
 * press meanwhile would do it all once more: replay everything twice, or say that what was just made is taken already.
 */
export function isUnderWay({ isPending, isSuccess }: { isPending: boolean; isSuccess: boolean }): boolean {
  return isPending || isSuccess
}
