/** Align: pairs for training. */
export const pairs = {
  'The better half as references, the worse half as bases, one each.':
    'Die bessere Hälfte als Referenzen, die schlechtere als Basen, je eine.',
  'The best quarter twice as references, the worse half as bases.':
    'Das beste Viertel zweimal als Referenzen, die schlechtere Hälfte als Basen.',
  Pairs: 'Paare',
  'Drawn from the gallery': 'Aus der Galerie gebildet',
  'As the paper': 'Wie die Arbeit',
  'As its code': 'Wie ihr Code',
  'Fuse all {count} pairs': 'Alle {count} Paare verschmelzen',
  'nothing scored it, the target wins': 'nicht bewertet, das Ziel gewinnt',
  'nothing scored it, the reference wins': 'nicht bewertet, die Referenz gewinnt',
  'the target was adopted': 'das Ziel wurde angenommen',
  'the target was not adopted, so the reference wins':
    'das Ziel wurde nicht angenommen, also gewinnt die Referenz',
  '{winner} over {base}': '{winner} gegen {base}',
  'not scored': 'nicht bewertet',
  'Tick the pair of “{prompt}” for export': 'Paar zu „{prompt}“ für den Export ankreuzen',
  'Target wins': 'Ziel gewinnt',
  'Reference wins': 'Referenz gewinnt',
  'Remove the pair of “{prompt}”': 'Paar zu „{prompt}“ entfernen',
  'Remove this pair?': 'Dieses Paar entfernen?',
  'Remove it, {size}?': 'Entfernen, {size}?',
  Winner: 'Sieger',
  Loser: 'Verlierer',
  'Preference pairs': 'Präferenzpaare',
  'none yet': 'noch keine',
  'Show {count} more': '{count} weitere zeigen',
  'A pair tells training which of two pictures fits the prompt better. Align, then keep the result here.':
    'Ein Paar sagt dem Training, welches von zwei Bildern besser zum Prompt passt. Erst verschmelzen, dann das Ergebnis hier speichern.',
  'Keep this pair': 'Dieses Paar speichern',
  'Nothing scores these pictures. To keep them, say which wins over the base.':
    'Nichts bewertet diese Bilder. Sagen Sie zum Speichern, welches gegen die Basis gewinnt.',
  'The winner scores no better than the base: look whether this pair teaches right.':
    'Der Sieger ist nicht besser bewertet als die Basis: Prüfen Sie, ob dieses Paar das Richtige lehrt.',
  'Keeping …': 'Wird gespeichert …',
  'This pair is kept': 'Dieses Paar ist gespeichert',
  'Of every alignment whose winner scores above the base':
    'Von jedem Lauf, dessen Sieger besser bewertet ist als die Basis',
  'Keep pairs automatically': 'Paare automatisch speichern',
  Exporting: 'Wird exportiert',
  'Bringing back': 'Wird zurückgeholt',
  'Export {count}': '{count} exportieren',
  'Export all': 'Alle exportieren',
  'Brings back the pairs of an exported archive': 'Holt die Paare eines exportierten Archivs zurück',
} as const
