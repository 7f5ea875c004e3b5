/** Align. */
export const align = {
  '{done} of {total}': '{done} von {total}',
  'The paper’s way: within the region the base reads the reference’s keys and values.':
    'Der Weg der Arbeit: Im Bereich liest die Basis Schlüssel und Werte der Referenz.',
  'The paper’s ablation: without a mask the target becomes the reference, wholesale.':
    'Vergleich aus der Arbeit: Ohne Maske wird das Ziel ganz zur Referenz.',
  'The paper’s ablation: masking what attention gives leaves seams along the region.':
    'Vergleich aus der Arbeit: Wird maskiert, was die Attention liefert, bleiben Nähte am Bereich.',
  'Width, pixels, in steps of 32': 'Breite, Pixel, in Schritten von 32',
  'Height, pixels, in steps of 32': 'Höhe, Pixel, in Schritten von 32',
  'Several words': 'Mehrere Wörter',
  Together: 'Zusammen',
  'Without overlap': 'Ohne Überlappung',
  'A cell counts where any word has it (the released code).':
    'Eine Zelle zählt, wenn irgendein Wort sie hat (veröffentlichter Code).',
  'A cell that two words share counts for neither (the paper’s ⊕).':
    'Eine Zelle, die zwei Wörter teilen, zählt für keines (das ⊕ der Arbeit).',
  'Maps from': 'Karten aus',
  'Down and up': 'Ab und auf',
  'Up alone': 'Nur auf',
  'Every layer of the mask’s size, as the released code does.':
    'Jede Schicht in der Größe der Maske, wie im veröffentlichten Code.',
  'The layers on the way up alone, as the paper says.':
    'Nur die Schichten auf dem Weg nach oben, wie in der Arbeit.',
  'The mask chooses': 'Die Maske wählt',
  'Keys, values': 'Schlüssel, Werte',
  Everything: 'Alles',
  Outputs: 'Ausgaben',
  'Fused layers': 'Verschmolzene Schichten',
  'From the middle of the network outwards; the last ones carry the finest detail.':
    'Von der Mitte des Netzes nach außen; die letzten tragen die feinsten Details.',
  'Fused steps': 'Verschmolzene Schritte',
  'Middle steps give the clearest regions, late ones care for detail. The first two stay the base’s own.':
    'Mittlere Schritte geben die klarsten Bereiche, späte gelten den Details. Die ersten zwei bleiben die der Basis.',
  'New noise in every step': 'Neues Rauschen in jedem Schritt',
  none: 'keine',
  'DDIM’s η. 1 as in the paper; at 0 there are no log-probabilities to train on. Own pictures run without.':
    'Das η von DDIM. 1 wie in der Arbeit; bei 0 gibt es keine Log-Wahrscheinlichkeiten zum Trainieren. Eigene Bilder laufen ohne.',
  'Adopt from': 'Annehmen ab',
  '{share} of the gain': '{share} des Gewinns',
  'How much of the reference’s lead over the base a target must reach.':
    'Wie viel vom Vorsprung der Referenz vor der Basis ein Ziel erreichen muss.',
  'for Stable Diffusion': 'für Stable Diffusion',
  '{range}, first one': '{range}, von',
  '{range}, last one': '{range}, bis',
  'How well picture and prompt go together (CLIP score)':
    'Wie gut Bild und Prompt zusammenpassen (CLIP-Wert)',
  'Show all three pictures': 'Alle drei Bilder zeigen',
  'Show the base large': 'Basis groß zeigen',
  'Show the reference large': 'Referenz groß zeigen',
  'Show the target large': 'Ziel groß zeigen',
  Base: 'Basis',
  base: 'Basis',
  reference: 'Referenz',
  Target: 'Ziel',
  target: 'Ziel',
  'Its look is kept.': 'Ihr Aussehen bleibt erhalten.',
  'Its region of the words is taken over.': 'Ihr Bereich der Wörter wird übernommen.',
  'The base, aligned with the prompt.': 'Die Basis, an den Prompt angepasst.',
  'Small pictures of our rendered world, in its own words. Runs on every device.':
    'Kleine Bilder unserer gerenderten Welt, in eigenem Wortschatz. Läuft auf jedem Gerät.',
  'Any prompt, with the U-Net, the VAE and the text encoder that you bring.':
    'Beliebige Prompts, mit U-Net, VAE und Textencoder, die Sie mitbringen.',
  'First seed to sample': 'Erster Seed',
  'Made for': 'Gemacht für',
  '{model}, {steps} steps': '{model}, {steps} Schritte',
  Sample: 'Erzeugen',
  Choose: 'Auswählen',
  'The model makes some pictures of one prompt and says how well each fits.':
    'Das Modell macht einige Bilder zu einem Prompt und sagt, wie gut jedes passt.',
  'A reference that does what the prompt says, a base whose look you like.':
    'Eine Referenz, die tut, was der Prompt sagt; eine Basis, deren Aussehen Ihnen gefällt.',
  'The base keeps its look and takes the region of your words from the reference.':
    'Die Basis behält ihr Aussehen und nimmt den Bereich Ihrer Wörter aus der Referenz.',
  'Drop pictures here': 'Bilder hier ablegen',
  'One prompt, two pictures, the best of both': 'Ein Prompt, zwei Bilder, das Beste aus beiden',
  'They join the gallery as base or reference: the model follows them back to noise.':
    'Sie kommen als Basis oder Referenz in die Galerie: Das Modell verfolgt sie bis zum Rauschen zurück.',
  'The picture whose look you like often misses what the prompt says. Align takes that from another one and keeps the look.':
    'Dem Bild, dessen Aussehen gefällt, fehlt oft, was der Prompt sagt. Align nimmt das aus einem anderen und behält das Aussehen.',
  'Example prompts': 'Beispiel-Prompts',
  'Sample {count} picture': '{count} Bild erzeugen',
  'Sample {count} pictures': '{count} Bilder erzeugen',
  'Pick an example or write a prompt at the right.':
    'Wählen Sie ein Beispiel oder schreiben Sie rechts einen Prompt.',
  'How it works': 'So geht es',
  'Another base': 'Andere Basis',
  'Not made yet: press Fuse, or sample it.': 'Noch nicht gemacht: „Verschmelzen“ drücken oder erzeugen.',
  'Choose a picture whose look you like.': 'Wählen Sie ein Bild, dessen Aussehen Ihnen gefällt.',
  'Choose a picture that does what the prompt says.': 'Wählen Sie ein Bild, das tut, was der Prompt sagt.',
  'Coming …': 'Kommt …',
  'Fuse makes it: the base’s look, with the reference’s region of the words.':
    '„Verschmelzen“ macht es: das Aussehen der Basis mit dem Bereich der Wörter aus der Referenz.',
  'How to look at the pictures': 'Ansicht der Bilder',
  'Show the words’ region': 'Bereich der Wörter zeigen',
  'Show single pixels': 'Einzelne Pixel zeigen',
  'Steps and scores are kept until the page is closed; fuse again to see them.':
    'Schritte und Werte bleiben, bis die Seite geschlossen wird; noch einmal verschmelzen, um sie zu sehen.',
  'No scorer is installed, so nothing says which picture fits the prompt best. You do.':
    'Kein Bewerter ist installiert; welches Bild am besten zum Prompt passt, entscheiden Sie.',
  'made with another prompt or settings': 'mit anderem Prompt oder anderen Einstellungen gemacht',
  '{notes}. Click: {role}; keys R and B choose too.':
    '{notes}. Klick: {role}; auch die Tasten R und B wählen.',
  'What you sample will be listed here, best first.': 'Was Sie erzeugen, steht hier, das Beste zuerst.',
  'A click chooses the': 'Ein Klick wählt',
  'Pictures, best first': 'Bilder, das beste zuerst',
  'Own pictures': 'Eigene Bilder',
  'One picture has yet to be made.': 'Ein Bild ist noch zu machen.',
  '{count} pictures have yet to be made.': '{count} Bilder sind noch zu machen.',
  'One picture was made with another prompt, other settings or in another session: what the words look at in them is not known.':
    'Ein Bild entstand mit anderem Prompt, anderen Einstellungen oder in einer anderen Sitzung: Worauf die Wörter darin schauen, ist nicht bekannt.',
  '{count} pictures were made with another prompt, other settings or in another session: what the words look at in them is not known.':
    '{count} Bilder entstanden mit anderem Prompt, anderen Einstellungen oder in einer anderen Sitzung: Worauf die Wörter darin schauen, ist nicht bekannt.',
  'Sample them': 'Erzeugen',
  'The engine is starting.': 'Die Engine startet.',
  'Write a prompt first.': 'Schreiben Sie zuerst einen Prompt.',
  'The gallery holds at most {most} pictures: remove some first.':
    'Die Galerie fasst höchstens {most} Bilder: Entfernen Sie erst einige.',
  'How many pictures to sample': 'Wie viele Bilder erzeugen',
  'Make pictures of new seeds': 'Bilder aus neuen Seeds machen',
  'Sample more': 'Weitere erzeugen',
  'Follow pictures of yours back to noise, so that they can be base or reference':
    'Eigene Bilder bis zum Rauschen zurückverfolgen, damit sie Basis oder Referenz sein können',
  'Use your own pictures': 'Eigene Bilder verwenden',
  'Own pictures are our addition: the paper knows seeds only.':
    'Eigene Bilder sind unsere Ergänzung: Die Arbeit kennt nur Seeds.',
  'Pick words under the prompt first.': 'Wählen Sie zuerst Wörter unter dem Prompt.',
  'Sample to see what the words look at.': 'Erzeugen Sie Bilder, um zu sehen, worauf die Wörter schauen.',
  finished: 'fertig',
  'all fused steps': 'alle verschmolzenen Schritte',
  'not fused': 'nicht verschmolzen',
  Step: 'Schritt',
  'The words’ region at step': 'Bereich der Wörter bei Schritt',
  'Words to take over': 'Zu übernehmende Wörter',
  'from the reference': 'aus der Referenz',
  'Words of the prompt': 'Wörter des Prompts',
  'Small words have no clear region': 'Kleine Wörter haben keinen klaren Bereich',
  'Click the things that the base gets wrong. Things have clear regions, small words do not.':
    'Klicken Sie auf die Dinge, die in der Basis falsch sind. Dinge haben klare Bereiche, kleine Wörter nicht.',
  'Sample the reference to see each word’s region and to set it by itself.':
    'Erzeugen Sie die Referenz, um den Bereich jedes Wortes zu sehen und einzeln einzustellen.',
  'Parts the map in two groups of cells that differ most (Otsu)':
    'Teilt die Karte in zwei möglichst verschiedene Gruppen von Zellen (Otsu)',
  'Cells above the map’s mean plus one standard deviation':
    'Zellen über dem Mittelwert der Karte plus einer Standardabweichung',
  'Mean + σ': 'Mittel + σ',
  'Two pictures, one prompt': 'Zwei Bilder, ein Prompt',
  'For example: the ball above the house': 'Zum Beispiel: the ball above the house',
  'As base or reference': 'Als Basis oder Referenz',
  'Followed back to noise': 'Bis zum Rauschen zurückverfolgt',
  'The target is shown beside base and reference.': 'Das Ziel wird neben Basis und Referenz gezeigt.',
  'Comes back nearly as it was ({off} % off on average).':
    'Kommt fast unverändert zurück (im Mittel {off} % daneben).',
  'Comes back with small changes ({off} % off on average).':
    'Kommt mit kleinen Änderungen zurück (im Mittel {off} % daneben).',
  'Comes back only roughly ({off} % off on average).':
    'Kommt nur ungefähr zurück (im Mittel {off} % daneben).',
  'The model cannot hold this picture: it comes back as another one ({off} % off on average).':
    'Das Modell kann dieses Bild nicht halten: Es kommt als ein anderes zurück (im Mittel {off} % daneben).',
  'Adopted: as aligned as the reference.': 'Angenommen: passt so gut zum Prompt wie die Referenz.',
  'Adopted.': 'Angenommen.',
  'It scores {score}; {needed} was asked for.': 'Es erreicht {score}; verlangt waren {needed}.',
  'It scores {score}; {needed} was asked for. As a training pair the reference would win over the base.':
    'Es erreicht {score}; verlangt waren {needed}. Als Trainingspaar würde die Referenz gegen die Basis gewinnen.',
  'Not adopted: less aligned than the reference.':
    'Nicht angenommen: passt weniger zum Prompt als die Referenz.',
} as const
