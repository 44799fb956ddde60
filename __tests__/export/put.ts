// Puts a tree from a JSON file into a folder: `node put.cjs FOLDER TREE`.
import { readFileSync } from "node:fs";
import { compare } from "../../modules/export/compare";
import { recover, replace } from "../../modules/export/replace";

const [folder = "", input = ""] = process.argv.slice(2);
const form = { layout: "modules", format: "json" } as const;
const tree = JSON.parse(readFileSync(input, "utf8"));
recover(folder);
replace(folder, tree, form, compare(folder, tree, form));
