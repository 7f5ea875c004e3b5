export const settings = {
  Settings: 'Einstellungen',
  'Show me around': 'Rundgang zeigen',
  Language: 'Sprache',
  Theme: 'Farbschema',
  System: 'System',
  'Light|theme': 'Hell',
  'Dark|theme': 'Dunkel',
  Contrast: 'Kontrast',
  'High|contrast': 'Hoch',
  'Scrolling on the canvas': 'Scrollen auf der Arbeitsfläche',
  Automatic: 'Automatisch',
  Zooms: 'Zoomt',
  Pans: 'Verschiebt',
  'Automatic: a mouse’s wheel zooms, two fingers on a trackpad pan. A pinch, or {key} with the wheel, always zooms.':
    'Automatisch: Das Mausrad zoomt, zwei Finger auf dem Trackpad verschieben. Eine Zwei-Finger-Geste (Pinch) oder {key} mit dem Mausrad zoomt immer.',
  'Pictures in memory: {used}. Beyond a budget of about {most}, large ones are drawn from smaller copies.':
    'Bilder im Speicher: {used}. Wird es mehr als etwa {most}, werden große aus kleineren Kopien gezeichnet.',
  'Inlay {version}.': 'Inlay {version}.',
  'Software and pictures of others in it': 'Enthaltene Software und Bilder anderer',
} as const
