// Texts on their way through real Terraform, which needs no provider for it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { terraformLiteral } from "../../modules/terraform/literal";
import { Terraform, terraformSettings } from "./harness";

/** What cdktf makes of a token. */
const REFERENCE = "${var.token}";

const TEXTS = [
  "$HOME $(id) $$ %s 100% {}",
  'echo "${name:-x}"',
  "curl -w '%{http_code}' -- \"${url}\"",
  "${ $${ $$${ $$$${ $$$$${",
  "%{ %%{ %%%{ %%%%{",
  "$%{a}%${b}$$%%{c}%%$${d}",
  "${a${b}} ${~ if ~} %{~ if true ~}%{endif}",
  'ruby "#{secret}" "\\${escaped}" \\ "\\\\"',
  "cron: % {} $ {}\ttab, ümlaut, 𝄞\n",
  "a ${TfToken[TOKEN.1]} b$${TfToken[TOKEN.1]}c$$$${TfToken[TOKEN.1]}%${TfToken[TOKEN.1]}%%${TfToken[TOKEN.1]}",
  "${TfToken[TOKEN.1]}${TfToken[TOKEN.1]}${not a token}${TfToken[TOKEN.1]}",
];

const folder = mkdtempSync(join(tmpdir(), "literal-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("gives every text back as it was, with its tokens' values in it, plain and compressed", async () => {
  const literals = TEXTS.map((text) => terraformLiteral(text).replaceAll("${TfToken[TOKEN.1]}", REFERENCE));
  const configuration = {
    variable: { token: { default: "<value>" } },
    locals: { texts: literals },
    output: {
      plain: { value: "${local.texts}" },
      compressed: { value: "${[for text in local.texts : base64gzip(text)]}" },
    },
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  const terraform = new Terraform(terraformSettings());
  await terraform.init(folder);
  const { output_changes: outputs } = await terraform.plan(folder);

  const expected = TEXTS.map((text) => text.replaceAll("${TfToken[TOKEN.1]}", "<value>"));
  expect(outputs?.plain?.after).toEqual(expected);
  const compressed = outputs?.compressed?.after as string[];
  expect(compressed.map((one) => gunzipSync(Buffer.from(one, "base64")).toString())).toEqual(expected);
});
