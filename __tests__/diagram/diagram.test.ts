import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagram, diagramOf, draw } from "../../modules/diagram";
import { layoutOf } from "../../modules/diagram/layout";
import { type Area, type Block, bottomOf, type Text } from "../../modules/diagram/shapes";
import { FONTS } from "../../modules/diagram/text";
import { BAND_OPACITY, COLOURS } from "../../modules/diagram/theme";
import { flows } from "../../modules/tiers/security-flows";
import { loadTopology, type Topology } from "../../modules/topology";
import { smallestWith, TOPOLOGIES } from "./topologies";

const ROOT = join(__dirname, "..", "..");
const cases = Object.entries(TOPOLOGIES).map(([name, topology]) => ({ name, topology }));

/** What a topology becomes. */
function drawn(topology: Topology) {
  const diagram = diagramOf(topology);
  return { diagram, layout: layoutOf(diagram), svg: draw(diagram, "svg"), mermaid: draw(diagram, "mermaid") };
}

describe.each(cases)("$name", ({ name, topology }) => {
  const { diagram, layout, svg, mermaid } = drawn(topology);
  const { blocks, arrows, heading } = layout;
  const of = (kind: string) => blocks.filter(({ look }) => look.endsWith(`-${kind}`));
  const texts = [
    ...heading,
    ...blocks.flatMap((block) => block.texts),
    ...arrows.flatMap(({ note }) => (note ? [note] : [])),
  ];
  const labels = arrows.flatMap(({ ports }) => ports);

  test("the SVG is well-formed, stands for itself and tells what it shows", () => {
    const elements = parseXml(svg);
    expect(new Set(elements.map(({ name }) => name))).toEqual(
      new Set(["svg", "title", "desc", "style", "rect", "path", "text", "g"]),
    );
    expect(svg).not.toMatch(/href|url\(|@import|on\w+=/);
    expect(elements.slice(0, 3)).toMatchObject([
      { name: "svg", attributes: { role: "img", viewBox: `0 0 ${layout.width} ${layout.height}` } },
      { name: "title", text: expect.stringContaining(topology.domain) },
      { name: "desc", text: diagram.description },
    ]);
    const styles = elements.find(({ name }) => name === "style")?.text ?? "";
    const classes = elements.slice(1).flatMap(({ attributes }) => attributes.class?.split(" ") ?? []);
    const unknown = [...new Set(classes)].filter((one) => !styles.includes(`.${one}`));
    // Those that look like their element does anyway.
    expect(unknown.filter((one) => !["traffic", "public-frame", "private-frame"].includes(one))).toEqual([]);
  });

  test("the same bytes twice, in whole or half pixels", () => {
    expect(draw(diagramOf(structuredClone(topology)), "svg")).toBe(svg);
    expect(draw(diagramOf(structuredClone(topology)), "mermaid")).toBe(mermaid);
    expect(svg.replace(/<style>.*<\/style>/s, "")).not.toMatch(/="[^"]*\d\.\d{3}|NaN|undefined|Infinity/);
  });

  test("every zone, range and port stands there", () => {
    const words = [...texts, ...labels.map(({ text }) => text)].map(({ text }) => text).join("\n");
    const { network, region } = topology;
    const names = network.zones.flatMap(({ name, publicCidr, privateCidr }) => [name, publicCidr, privateCidr]);
    for (const one of [...names, network.cidr, region]) {
      expect(words.split(/[\n ]/)).toContain(one);
      expect(mermaid).toContain(one);
    }
    const ports = flows(topology).flatMap((flow) => flow.ports);
    expect(new Set(labels.flatMap(({ text }) => text.text.split(", ").map(Number)))).toEqual(new Set(ports));
  });

  test("what is drawn is who may talk to whom", () => {
    const allowed = flows(topology).flatMap(({ from, to, ports }) => ports.map((port) => `${from} ${to} ${port}`));
    const linked = diagram.links.flatMap(({ from, to, ports }) => ports.map((port) => `${from} ${to} ${port}`));
    expect(linked.sort()).toEqual([...new Set(allowed)].sort());
    // An arrow a link, with just its ports.
    const labelled = arrows.filter(({ ports }) => ports.length > 0);
    expect(labelled.map(({ ports }) => ports.map(({ text }) => text.text).join(", "))).toEqual(
      diagram.links.map(({ ports }) => ports.join(", ")),
    );
    for (const [index, { from, to, via }] of diagram.links.entries()) {
      const { points = [] } = labelled[index] ?? {};
      const ends = { internet: "outbound", from: { internet: "users" } } as const;
      const target = block(via ?? (to === "internet" ? ends.internet : to));
      const source = block(from === "internet" ? ends.from.internet : from);
      expect(onEdge(points.at(-1), target)).toBe(true);
      const branches = from === "trusted" && to === "bastion";
      expect(onEdge(points[0], source)).toBe(!branches);
    }
  });

  test("texts fit into what they stand in", () => {
    const page = { x: 0, y: 0, width: layout.width, height: layout.height };
    expect(texts.filter((text) => !contains(page, boundsOf(text)))).toEqual([]);
    for (const one of blocks) expect(one.texts.filter((text) => !contains(one, boundsOf(text)))).toEqual([]);
    for (const label of labels) expect(contains(label, boundsOf(label.text))).toBe(true);
  });

  test("only what somebody made very long is cut", () => {
    const cut = texts.filter(({ text }) => text.endsWith("…"));
    expect(cut.filter(({ text }) => !/^(zone b|a|2001:db80:)/.test(text))).toEqual([]);
    expect(cut.length > 0).toBe(name === "six zones, long texts");
  });

  test("nothing covers anything", () => {
    const words = texts.map((text) => ({ id: text.text, ...boundsOf(text) }));
    const marks = labels.map((label) => ({ ...label, id: `port ${label.text.text}` }));
    expect(overlaps([...of("band"), ...marks])).toEqual([]);
    const onEdges = words.filter((word) => of("band").some((band) => overlap(band, word) && !contains(band, word)));
    expect(onEdges).toEqual([]);
    expect(overlaps([...of("box"), ...marks])).toEqual([]);
    expect(overlaps([...words, ...marks])).toEqual([]);
    const frames = of("frame");
    for (const one of frames) {
      for (const other of frames) {
        expect(one === other || !overlap(one, other) || contains(one, other) || contains(other, one)).toBe(true);
      }
    }
  });

  test("arrows run level or upright, and through no box and no text", () => {
    for (const { points, meaning } of arrows) {
      for (const [index, [x, y]] of points.slice(1).entries()) {
        const [fromX = 0, fromY = 0] = points[index] ?? [];
        expect(x === fromX || y === fromY).toBe(true);
        const line = {
          x: Math.min(x, fromX),
          y: Math.min(y, fromY),
          width: Math.abs(x - fromX),
          height: Math.abs(y - fromY),
        };
        const hit = [...of("box"), ...texts.map((text) => ({ id: text.text, ...boundsOf(text) }))].filter((area) =>
          crosses(line, area),
        );
        expect({ meaning, hit: hit.map(({ id }) => id) }).toEqual({ meaning, hit: [] });
      }
    }
  });

  test("members stand in their zone's subnet and in their tier's row", () => {
    const members = diagram.tiers.flatMap((tier) => tier.members.map((member) => ({ ...member, tier })));
    expect(members.length).toBeGreaterThan(4);
    for (const { zone, tier } of members) {
      const box = block(`${zone} ${tier.id}`);
      expect(contains(block(`${zone} ${tier.subnets}`), box)).toBe(true);
      expect(contains(block(tier.id), box)).toBe(true);
    }
    for (const id of ["trusted", "users", "outbound"]) expect(contains(block("internet"), block(id))).toBe(true);
    expect(contains(block("region"), block("vpc"))).toBe(true);
    for (const { name } of topology.network.zones) expect(contains(block("vpc"), block(name))).toBe(true);
    for (const { id } of [...diagram.entry, ...diagram.services]) {
      expect([contains(block("region"), block(id)), overlap(block("vpc"), block(id))]).toEqual([true, false]);
    }
  });

  test("the flowchart is Mermaid, and has the same links", () => {
    const chart = parseMermaid(mermaid);
    const ids = [...chart.nodes];
    for (const { from, to } of chart.edges) expect(ids).toEqual(expect.arrayContaining([from, to]));
    expect(new Set(ids).size).toBe(ids.length);
    const labelled = chart.edges.filter(({ label }) => label !== undefined);
    expect(labelled).toEqual(
      diagram.links.map(({ from, to, via, ports }) => ({
        from,
        to: via ?? (to === "internet" ? "outbound" : to),
        label: ports.join(", "),
      })),
    );
    expect(ids).toEqual(
      expect.arrayContaining([...diagram.tiers, ...diagram.entry, ...diagram.services].map(({ id }) => id)),
    );
  });

  function block(id: string): Block {
    const found = blocks.filter((one) => one.id === id);
    expect({ id, found: found.length }).toEqual({ id, found: 1 });
    return found[0] as Block;
  }
});

describe("follows the topology", () => {
  const members = (topology: Topology | undefined, tier: string) =>
    diagramOf(topology as Topology)
      .tiers.find(({ id }) => id === tier)
      ?.members.map(({ zone, title, caption }) => [zone.slice(-1), title, ...(caption ? [caption] : [])].join(" "));

  test("bastions and NAT gateways", () => {
    expect(members(TOPOLOGIES["single NAT gateway"], "nat")).toEqual(["a NAT gateway A"]);
    expect(members(TOPOLOGIES["two zones"], "nat")).toEqual(["a NAT gateway A", "d NAT gateway D"]);
    expect(members(TOPOLOGIES["two zones"], "bastion")).toEqual(["a Bastion Host A", "d Bastion Host D"]);
    const without = drawn(TOPOLOGIES["no bastions"] as Topology);
    for (const text of [without.svg, without.mermaid]) expect(text).not.toMatch(/bastion host|operators/i);
    expect(without.svg).toContain(">Session Manager<");
    expect(drawn(TOPOLOGIES["no sessions"] as Topology).svg).not.toContain("Session Manager");
  });

  test("nodes over the zones", () => {
    expect(members(TOPOLOGIES["Gitaly with TLS, few nodes"], "application")).toEqual([
      "a 2 nodes",
      "b 1 node",
      "c 1 node",
    ]);
    expect(members(TOPOLOGIES["poc.jsonc"], "application")).toEqual(["a 1 node", "b none at first"]);
    expect(drawn(TOPOLOGIES["production.yaml"] as Topology).svg).toContain("Auto Scaling, 3 to 6 nodes");
    expect(drawn(TOPOLOGIES["poc.jsonc"] as Topology).layout.blocks).toContainEqual(
      expect.objectContaining({ id: "us-west-2b application", look: "spare-box" }),
    );
  });

  test("data stores", () => {
    expect(members(TOPOLOGIES["topology.json"], "database")).toEqual([
      "a Primary placed by RDS",
      "b Standby placed by RDS",
    ]);
    expect(members(TOPOLOGIES["no standby, other ports"], "database")).toEqual(["a Instance placed by RDS"]);
    expect(members(TOPOLOGIES["Gitaly with TLS, few nodes"], "gitaly")).toEqual(["b Gitaly with its volume"]);
    expect(members(TOPOLOGIES["no replica"], "cache")).toEqual(["a Primary"]);
    expect(members(TOPOLOGIES["topology.json"], "cache")).toEqual(["a Primary and 1 replica", "b Replica"]);
    expect(members(TOPOLOGIES["six zones, long texts"], "cache")).toEqual(["a Primary and 4 replicas", "b Replica"]);
    const spread = smallestWith({
      cache: { replicas: 3, zones: ["us-east-1b", "us-east-1a", "us-east-1a", "us-east-1a"] },
    });
    expect(members(spread, "cache")).toEqual(["a 3 replicas", "b Primary"]);
  });

  test("ports of Gitaly, the database, the cache and the load balancer", () => {
    const labels = (name: string) =>
      drawn(TOPOLOGIES[name] as Topology).layout.arrows.flatMap(({ ports }) => ports.map(({ text }) => text.text));
    expect(labels("topology.json")).toEqual(expect.arrayContaining(["8075", "5432", "6379", "8081"]));
    expect(labels("no standby, other ports")).toEqual(expect.arrayContaining(["15432", "16379"]));
    expect(labels("Gitaly with TLS, few nodes")).toContain("9999");
    expect(labels("Gitaly with TLS, few nodes")).not.toContain("8075");
    const listeners = (name: string) =>
      diagramOf(TOPOLOGIES[name] as Topology).listeners.map(
        ({ protocol, port, purpose }) => `${protocol} ${port} ${purpose}`,
      );
    expect(listeners("http none")).toEqual(["TLS 443 web and API", "TCP 22 Git over SSH"]);
    expect(listeners("topology.json")[1]).toBe("TCP 80 redirects to https");
    expect(listeners("http forward, no cross-zone")[1]).toBe("TCP 80 web, in clear");
    expect(listeners("registry")[0]).toBe("TLS 443 web, API, registry");
  });

  test("record, certificate and keys", () => {
    const services = (name: string) => {
      const { entry, services } = diagramOf(TOPOLOGIES[name] as Topology);
      return Object.fromEntries([...entry, ...services].map(({ id, title, captions }) => [id, [title, ...captions]]));
    };
    expect(services("topology.json")).toMatchObject({
      dns: ["Route 53", "zone example.com", "gitlab.example.com"],
      certificate: ["Certificate Manager", "certificate, renewed by AWS", "gitlab.example.com"],
      kms: ["KMS", "one key for all data", "alias/gitlab"],
    });
    expect(services("new zone").dns).toContain("new zone example.com");
    expect(services("registry").dns).toContain("registry.example.com");
    expect(services("DNS elsewhere, AWS' keys")).toMatchObject({
      dns: ["DNS", "kept elsewhere", "gitlab.example.com"],
      certificate: ["IAM", "existing certificate"],
      kms: ["KMS", "AWS-managed keys", "one for each service"],
    });
    expect(services("existing-zone-and-certificate.yaml")).toMatchObject({
      certificate: ["Certificate Manager", "existing certificate"],
      kms: ["KMS", "one key for all data", "existing"],
    });
  });
});

describe("texts of others", () => {
  const hostile = `<a href="x">&'"#1;</a>`;
  const diagram = diagramOf(smallestWith());
  const spoilt: Diagram = {
    ...diagram,
    title: hostile,
    description: `${hostile};\nend`,
    trusted: [hostile],
    zones: diagram.zones.map((zone) => ({ ...zone, publicCidr: hostile })),
  };

  test("are escaped in the SVG", () => {
    const elements = parseXml(draw(spoilt, "svg"));
    expect(elements.map(({ name }) => name)).not.toContain("a");
    expect(elements.map(({ text }) => text)).toContain(hostile);
  });

  test("are escaped in Mermaid", () => {
    const chart = draw(spoilt, "mermaid");
    expect(() => parseMermaid(chart)).not.toThrow();
    expect(chart).toContain("#lt;a href=#quot;x#quot;#gt;#amp;'#quot;#35;1;");
  });
});

describe.each(["light", "dark"] as const)("in %s surroundings", (scheme) => {
  const { page, region, subnet, box, text, quiet, arrow, network, compute, data } = COLOURS;
  const surfaces = [page, region, subnet, box].map((colour) => rgb(colour[scheme]));
  const bands = [network, compute, data].flatMap((kind) =>
    surfaces.map((surface) =>
      surface.map((part, index) => part + ((rgb(kind[scheme])[index] as number) - part) * BAND_OPACITY),
    ),
  );

  test.each(Object.entries({ text, quiet }))("%s can be read on everything", (_, colour) => {
    for (const surface of [...surfaces, ...bands])
      expect(contrast(rgb(colour[scheme]), surface)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(Object.entries({ arrow, network, compute, data }))("lines in the colour of %s can be seen", (_, colour) => {
    for (const surface of [...surfaces, ...bands])
      expect(contrast(rgb(colour[scheme]), surface)).toBeGreaterThanOrEqual(3);
  });

  test("the style sheet has the colours", () => {
    const [light = "", dark = ""] = draw(diagramOf(smallestWith()), "svg").split("@media (prefers-color-scheme: dark)");
    for (const colour of Object.values(COLOURS)) expect({ light, dark }[scheme]).toContain(colour[scheme]);
  });
});

test("a diagram loads neither cdktf nor the provider", () => {
  const bundled = execFileSync(
    join(ROOT, "node_modules/.bin/esbuild"),
    ["modules/diagram/index.ts", "--bundle", "--platform=node", "--packages=external", "--log-level=error"],
    { cwd: ROOT, encoding: "utf8" },
  );
  expect(bundled).toContain("flowchart TB");
  expect([...bundled.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual([]);
});

describe("docs/diagram.md has the default topology's diagram", () => {
  const { svg, mermaid } = drawn(loadTopology(join(ROOT, "topology.json")).topology);

  test("as SVG: gitlab-aws diagram --out docs/diagram.svg", () => {
    expect(readFileSync(join(ROOT, "docs/diagram.svg"), "utf8")).toBe(svg);
  });

  test("as Mermaid: gitlab-aws diagram --format mermaid", () => {
    const page = readFileSync(join(ROOT, "docs/diagram.md"), "utf8");
    const [, chart] = /^```mermaid\n(.*?)^```$/ms.exec(page) ?? [];
    expect(chart).toBe(mermaid);
    expect(page).toContain("](diagram.svg)");
  });
});

/** A text's width by its number of characters, as wide as they are on average in the fonts that systems have. */
function estimate({ style, text }: Text): number {
  const { size, bold } = FONTS[style];
  return [...text].length * size * (bold ? 0.6 : 0.53);
}

function boundsOf(text: Text): Area {
  const { size } = FONTS[text.style];
  const width = estimate(text);
  return { x: text.centred ? text.x - width / 2 : text.x, y: text.y - size * 0.75, width, height: size };
}

/** Whether two areas have more than an edge in common. */
function overlap(one: Area, other: Area): boolean {
  return (
    one.x < other.x + other.width && other.x < one.x + one.width && one.y < bottomOf(other) && other.y < bottomOf(one)
  );
}

function overlaps(areas: readonly (Area & { readonly id: string })[]): string[] {
  return areas.flatMap((one, index) =>
    areas
      .slice(index + 1)
      .filter((other) => overlap(one, other))
      .map((other) => `${one.id} and ${other.id}`),
  );
}

function contains(outer: Area, inner: Area): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    bottomOf(inner) <= bottomOf(outer)
  );
}

/** Whether a line goes through an area's inside. */
function crosses(line: Area, area: Area): boolean {
  return (
    line.x < area.x + area.width &&
    line.x + line.width > area.x &&
    line.y < bottomOf(area) &&
    line.y + line.height > area.y
  );
}

function onEdge(point: readonly [number, number] | undefined, { x, y, width, height }: Area): boolean {
  const [pointX, pointY] = point ?? [Number.NaN, Number.NaN];
  const beside = (pointX === x || pointX === x + width) && pointY >= y && pointY <= y + height;
  const aboveOrBelow = (pointY === y || pointY === y + height) && pointX >= x && pointX <= x + width;
  return beside || aboveOrBelow;
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** The elements of a document, in order; throws where it isn't XML. */
function parseXml(xml: string): Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  let end = 0;
  const unescaped = (text: string) => {
    if (/[<>]|&(?!(amp|lt|gt|quot);)/.test(text)) throw new Error(`not escaped: ${text}`);
    return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  };
  for (const match of xml.matchAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/gi)) {
    const [tag, closing, name = "", list = "", empty] = match;
    const between = unescaped(xml.slice(end, match.index));
    const parent = open.at(-1);
    if (parent) parent.text += between;
    else if (between.trim() !== "" || (all.length > 0 && !closing))
      throw new Error(`beside the root: ${between}${tag}`);
    end = match.index + tag.length;
    if (closing) {
      if (open.pop()?.name !== name) throw new Error(`${tag} closes nothing`);
      continue;
    }
    const attributes = [...list.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
      key,
      unescaped(value),
    ]);
    if (new Set(attributes.map(([key]) => key)).size < attributes.length) throw new Error(`twice the same in ${tag}`);
    const element = { name, attributes: Object.fromEntries(attributes), text: "" };
    all.push(element);
    if (!empty) open.push(element);
  }
  if (open.length > 0 || xml.slice(end).trim() !== "") throw new Error("it doesn't end");
  return all;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** A flowchart's nodes and edges; throws where a line is none of what we use of Mermaid. */
function parseMermaid(chart: string): { nodes: string[]; edges: Edge[] } {
  const [first, ...lines] = chart.trimEnd().split("\n");
  if (first !== "flowchart TB") throw new Error(`${first} is no flowchart`);
  const nodes: string[] = [];
  const edges: Edge[] = [];
  let depth = 0;
  for (const line of lines.map((one) => one.trim())) {
    const [, node] = /^(\w+)(?:\["[^"]+"\]|\(\["[^"]+"\]\))$/.exec(line) ?? [];
    const [, from, label, to] =
      /^(\w+(?: & \w+)*) (?:-->(?:\|"([^"]*)"\|)?|-\.-|~~~) (\w+(?: & \w+)*)$/.exec(line) ?? [];
    if (/^subgraph \w+\["[^"]+"\]$/.test(line)) depth += 1;
    else if (line === "end") depth -= 1;
    else if (node) nodes.push(node);
    else if (from && to) {
      for (const one of from.split(" & ")) {
        for (const other of to.split(" & ")) edges.push({ from: one, to: other, ...(label && { label }) });
      }
    } else if (!/^acc(Title|Descr): [^;#]+$/.test(line)) throw new Error(`not Mermaid: ${line}`);
    if (depth < 0) throw new Error("an end too many");
  }
  if (depth !== 0) throw new Error("an end is missing");
  return { nodes, edges };
}

function rgb(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

/** Contrast as WCAG 2 defines it, 1 to 21. */
function contrast(one: readonly number[], other: readonly number[]): number {
  const luminance = (colour: readonly number[]) => {
    const [r = 0, g = 0, b = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
