/** Letters and digits that look drawn at random, the same ones at every run. */
export function randomText(
  length: number,
  alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
): string {
  let state = 20_261_120 + length;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor(state / 65_536) % alphabet.length];
  }).join("");
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX = "0123456789abcdef";

/** A private key that opens nothing. */
export const PRIVATE_KEY: string = [
  "-----BEGIN RSA PRIVATE KEY-----",
  ...Array.from({ length: 6 }, (_, index) => randomText(64 - index)),
  "-----END RSA PRIVATE KEY-----",
].join("\n");

/** A made-up secret of each kind, with what stands around it. They are put together here so that no tool takes this file for a leak. */
export const MADE_SECRETS: readonly (readonly [name: string, secret: string, before: string, after: string])[] = [
  ["AWS access key", `AKIA${randomText(16, UPPER)}`, "key ", " is ours"],
  ["AWS secret key", randomText(40), "aws_secret_access_key = ", "\n"],
  ["Google API key", `AIza${randomText(35)}`, "?key=", "&v=3"],
  ["GitHub token", `ghp_${randomText(36)}`, "token ", "."],
  ["GitHub token", `github_pat_${randomText(82)}`, "`", "`"],
  ["GitLab token", `glpat-${randomText(20)}`, "", ""],
  ["Slack token", `xoxb-${randomText(12, "123456789")}-${randomText(24)}`, "SLACK=", "\n"],
  [
    "Slack webhook",
    `T${randomText(9, UPPER)}/B${randomText(9, UPPER)}/${randomText(24)}`,
    "https://hooks.slack.com/services/",
    " ",
  ],
  ["OpenAI key", `sk-proj-${randomText(48)}`, "OPENAI_API_KEY=", "\n"],
  ["OpenAI key", `sk-${randomText(48)}`, "key: ", "\n"],
  ["Anthropic key", `sk-ant-api03-${randomText(93)}AA`, "", "\n"],
  ["Stripe key", `sk_live_${randomText(24)}`, "'", "'"],
  ["npm token", `npm_${randomText(36)}`, "//registry/:_authToken=", "\n"],
  ["Hugging Face token", `hf_${randomText(34)}`, "", " "],
  ["SendGrid key", `SG.${randomText(22)}.${randomText(43)}`, "", " "],
  ["JSON web token", `eyJ${randomText(30)}.eyJ${randomText(60)}.${randomText(43)}`, "Cookie: t=", "; x"],
  ["access token", randomText(32), "Authorization: Bearer ", "\n"],
  ["password in an address", "kT9-vq_Zw4", "postgres://app:", "@db.internal:5432/app"],
  ["password in an address", "s3cr3t!x", "https://joe:", "@git.internal/x.git"],
  ["password or key", randomText(32, HEX), 'client_secret: "', '"'],
  ["password or key", randomText(24), "DB_PASSWORD=", "\n"],
  ["private key", PRIVATE_KEY, "Use this key:\n\n", "\n\nand keep it.\n"],
];
