/** Hands the browser a file that was made here. */
export function downloadText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  followDownload(url, name)
  URL.revokeObjectURL(url)
}

/** Hands the browser a file of the server's, under the name that the server gives it unless another is given. */
export function followDownload(url: string, name = ''): void {
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
}
