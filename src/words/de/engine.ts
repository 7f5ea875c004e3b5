export const engine = {
  Noise: 'Rauschen',
  'As torch': 'Wie torch',
  'PyTorch’s CPU generator reads the low 32 bits of a seed: here {seed}.':
    'Der CPU-Generator von PyTorch liest die unteren 32 Bit eines Seeds: hier {seed}.',
  '“As torch” draws the numbers that PyTorch draws on a CPU for the same seed.':
    '„Wie torch“ zieht die Zahlen, die PyTorch beim selben Seed auf einer CPU zieht.',
  'for all FLUX modes': 'für alle FLUX-Modi',
  'Extra LoRAs': 'Weitere LoRAs',
  'Add a LoRA': 'LoRA hinzufügen',
  'Add …': 'Hinzufügen …',
  'LoRAs that you import as “other” can be added here.':
    'LoRAs, die Sie als „andere“ importieren, lassen sich hier hinzufügen.',
  'Fast rounds a little more within the model: less memory and time, slightly different pictures. Kept for this browser.':
    '„Schnell“ rundet im Modell etwas mehr: weniger Speicher und Zeit, leicht andere Bilder. Gilt für diesen Browser.',
  'This GPU gets fast arithmetic wrong: exact is used.':
    'Schnelles Rechnen ist auf dieser GPU fehlerhaft: Es wird genau gerechnet.',
  'The CPU has exact arithmetic alone: it is used.': 'Die CPU kann nur genau rechnen: So wird gerechnet.',
  Arithmetic: 'Rechengenauigkeit',
  Exact: 'Genau',
  Fast: 'Schnell',
  'Look at the pictures anew': 'Bilder neu ansehen',
  'in every step': 'in jedem Schritt',
  'in every second': 'in jedem zweiten',
  'in every third': 'in jedem dritten',
  'in every fourth': 'in jedem vierten',
  'GPU memory to use': 'Nutzbarer GPU-Speicher',
  'What does not fit is read from the disk in every step. Kept for this browser.':
    'Was nicht hineinpasst, wird in jedem Schritt von der Platte gelesen. Gilt für diesen Browser.',
  'The newest': 'Das neueste',
  'new for each run': 'bei jedem Lauf neu',
  kept: 'bleibt',
  'Roll a new seed': 'Neuen Seed würfeln',
  'Keep this seed': 'Diesen Seed behalten',
  'A seed is a whole number from 0 to {most}.': 'Ein Seed ist eine ganze Zahl von 0 bis {most}.',
  'Runs on': 'Läuft auf',
  Auto: 'Auto',
  '{model}.': '{model}.',
  '{model}, {size} px.': '{model}, {size} px.',
  'Starting the engine …': 'Die Engine wird gestartet …',
  'The engine could not start.': 'Die Engine konnte nicht starten.',
} as const
