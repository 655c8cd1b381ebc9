/** A question, and the passage that answers it. */
export interface ScalePair {
  readonly question: string;
  readonly passage: string;
}

/**
 * Questions of many kinds with passages of the usual length that answer them; each passage is about something else than
 * the other questions. Written for {@link file://./with-similarity-scale.ts}: a change of a text changes every model's scale.
 */
export const SCALE_PAIRS: readonly ScalePair[] = [
  {
    question: "How do I set up the program on my computer?",
    passage:
      "Download the archive for your system, unpack it into any folder and run the setup script once. It creates a settings file beside the program and adds a command to your path. On a shared machine you need the rights of an administrator for the last step.",
  },
  {
    question: "Why do leaves change colour in autumn?",
    passage:
      "When days get shorter, trees stop making chlorophyll and break down what is left of it. The green fades, and yellow and orange pigments that were there all summer become visible. Red comes from sugars that stay behind in the leaf on cool, sunny days.",
  },
  {
    question: "Who is responsible for paying the rent when a tenant leaves early?",
    passage:
      "If the lessee vacates the flat before the agreed date, the lessee still owes the monthly payments until the contract ends, unless a successor moves in whom the owner accepts. The owner has to take reasonable steps to let the flat again.",
  },
  {
    question: "What was the company's revenue in the last quarter?",
    passage:
      "Net sales rose by four per cent to 812 million euros in the three months to the end of September, while operating profit fell slightly to 64 million because of higher prices for energy. Management keeps its forecast for the whole year.",
  },
  {
    question: "When did the bridge open to traffic?",
    passage:
      "Work on the piers began in 1927 and took three winters. The roadway across the river was handed over to the public in May 1931, a year before the railway tracks beside it. For two decades it was the longest span of the continent.",
  },
  {
    question: "How long should the dough rest?",
    passage:
      "Knead flour, water, salt and yeast until the dough is smooth. Cover the bowl with a damp cloth and leave it for ninety minutes in a warm place, or overnight in the refrigerator. It should double in size before you shape the loaves.",
  },
  {
    question: "What are the side effects of the drug?",
    passage:
      "In the trial with 420 patients, the most frequent complaints after taking the tablets were headache and nausea, which passed within a few days. Two participants developed a rash and stopped the treatment. No severe reactions of the heart were seen.",
  },
  {
    question: "How can I cancel a running request?",
    passage:
      "Each call of the client takes an optional signal. When the signal is aborted, the connection is closed, the promise rejects with the reason, and retries that were planned do not take place. A time limit can be combined with a signal of your own.",
  },
  {
    question: "Which planet has the most moons?",
    passage:
      "With more than a hundred and forty known satellites, Saturn is far ahead of Jupiter. Most of them are only a few kilometres across and circle the planet on distant, tilted orbits. Titan alone is larger than Mercury and has a dense atmosphere.",
  },
  {
    question: "How many days of holiday do employees get?",
    passage:
      "Everyone on a full contract has thirty days of paid leave a year; part-timers have them in proportion. Days that were not taken move to the next year and expire at the end of March. Please tell your team at least two weeks before longer absences.",
  },
  {
    question: "Who composed the music for the film?",
    passage:
      "The director wanted no orchestra, so he turned to a young pianist from Oslo. She wrote the whole score in six weeks and recorded it on an old upright piano with felt between strings and hammers. It won two prizes the following spring.",
  },
  {
    question: "What did the general do after losing the battle?",
    passage:
      "After the defeat at the ford he led what remained of his army across the mountains in heavy snow. He reached the capital in January, handed the command to his deputy, and withdrew to his estate, where he wrote his memoirs.",
  },
  {
    question: "Is it safe to charge the battery overnight?",
    passage:
      "The charger switches itself off as soon as the cells are full, so the device may stay connected for many hours. Do not cover it while it charges, and use only the cable that came with it. A swollen battery must not be charged at all.",
  },
  {
    question: "How does the immune system recognise a virus?",
    passage:
      "Certain white blood cells carry receptors that bind to fragments of foreign proteins. When one of them fits, the cell divides rapidly, and its descendants produce antibodies or kill infected cells. Some survive for years and respond faster the next time.",
  },
  {
    question: "Where can I see which version is running?",
    passage:
      "Start the command with the option for the version, or look at the footer of the status page. Logs show the number in their first line. After an update the old number appears until the service has been restarted.",
  },
  {
    question: "Why did prices of houses rise so quickly?",
    passage:
      "Interest on mortgages was low for a decade while few new homes were built in the cities. Buyers could afford larger loans and bid against each other, and investors looking for returns bought flats to let. Wages did not keep up with what was asked.",
  },
];
