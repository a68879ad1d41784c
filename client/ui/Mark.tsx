/** The product's sign: a line patched from one plug to another. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" style={{ flex: 'none' }}>
      <rect width="20" height="20" rx="5" fill="var(--accent-fill)" />
      <path
        d="M5.5 7H9a2 2 0 0 1 2 2v2a2 2 0 0 0 2 2h1.5"
        fill="none"
        stroke="#fff"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
      <circle cx="5.5" cy="7" r="1.5" fill="#fff" />
      <circle cx="14.5" cy="13" r="1.5" fill="#fff" />
    </svg>
  )
}
