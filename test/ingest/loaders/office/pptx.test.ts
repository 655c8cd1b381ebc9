import { describe, expect, it } from "vitest";
import { loadedMade, loadMade } from "../load-made.ts";
import { makePptx, type MadeSlide, shape, slideParagraph } from "./made-office-files.ts";

const frame = (data: string, description = ""): string =>
  `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="x" descr="${description}"/></p:nvGraphicFramePr><a:graphic><a:graphicData>${data}</a:graphicData></a:graphic></p:graphicFrame>`;
const picture = (description: string): string =>
  `<p:pic><p:nvPicPr><p:cNvPr id="5" name="Picture 4" descr="${description}"/></p:nvPicPr></p:pic>`;

async function textOfSlide(slide: MadeSlide, extra: Readonly<Record<string, string>> = {}): Promise<string> {
  return (await loadedMade("a.pptx", makePptx([slide], extra))).text;
}

describe("PowerPoint", () => {
  it("gives a page for each slide in the order of the presentation, with its title as heading", async () => {
    const document = await loadedMade(
      "deck.pptx",
      makePptx([
        { shapes: shape(["Sub-title"], "subTitle") + shape(["The", "deck"], "ctrTitle") },
        { shapes: shape(["No title here."]) },
        { shapes: shape(["Last"], "title") },
      ]),
    );
    expect(document).toMatchObject({ language: "pptx", title: "The deck", note: "" });
    expect(document.mediaType).toBe("application/vnd.openxmlformats-officedocument.presentationml.presentation");
    expect(document.pages.map(({ page, start, end }) => [page, document.text.slice(start, end)])).toEqual([
      [1, "# The deck\n\nSub-title\n"],
      [2, "# Slide 2\n\nNo title here.\n"],
      [3, "# Last\n"],
    ]);
  });

  it("gives lists with their levels and numbers", async () => {
    const body = shape(["One", slideParagraph("Two", 'lvl="1"'), "Three"], "body");
    const box = shape([
      "Plain",
      '<a:p><a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr><a:r><a:t>First</a:t></a:r></a:p>',
      '<a:p><a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr><a:r><a:t>Second</a:t></a:r></a:p>',
    ]);
    expect(await textOfSlide({ shapes: shape(["T"], "title") + body + box })).toBe(
      "# T\n\n- One\n  - Two\n- Three\n\nPlain\n\n1. First\n2. Second\n",
    );
  });

  it("joins the runs of a paragraph, and keeps breaks, fields and groups", async () => {
    const runs =
      "<a:p><a:r><a:t>snake_</a:t></a:r><a:r><a:t>case</a:t></a:r><a:br/><a:fld><a:t>field &amp; co</a:t></a:fld></a:p>";
    const group = `<p:grpSp><p:nvGrpSpPr/><p:grpSp>${shape([runs])}</p:grpSp></p:grpSp>`;
    expect(await textOfSlide({ shapes: group })).toBe("# Slide 1\n\nsnake_case\nfield & co\n");
  });

  it("takes one of alternatives, and leaves out date, footer and number", async () => {
    const alternatives = `<mc:AlternateContent><mc:Choice>${shape(["New"])}</mc:Choice><mc:Fallback>${shape(["Old"])}</mc:Fallback></mc:AlternateContent>`;
    const around = shape(["1 May"], "dt") + shape(["Secret firm"], "ftr") + shape(["7"], "sldNum");
    expect(await textOfSlide({ shapes: alternatives + around })).toBe("# Slide 1\n\nNew\n");
  });

  it("gives tables with a rule under their header", async () => {
    const cell = (text: string, rest = ""): string =>
      `<a:tc${rest}><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
    const table = `<a:tbl><a:tblPr firstRow="1"/><a:tr>${cell("City")}${cell("People")}</a:tr><a:tr>${cell("Paris")}${cell("2")}</a:tr></a:tbl>`;
    expect(await textOfSlide({ shapes: frame(table) })).toBe(
      "# Slide 1\n\n| City | People |\n| --- | --- |\n| Paris | 2 |\n",
    );
  });

  it("gives the words of charts and diagrams", async () => {
    const point = (index: number, value: string): string => `<c:pt idx="${index}"><c:v>${value}</c:v></c:pt>`;
    const chart = `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><c:tx><a:p><a:r><a:t>Sales</a:t></a:r></a:p></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:v>2025</c:v></c:tx><c:cat>${point(0, "North")}${point(1, "South")}</c:cat><c:val>${point(0, "4.3000000000000001")}${point(1, "7")}</c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`;
    const diagram = `<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt><dgm:t><a:p><a:r><a:t>Do</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>`;
    const text = await textOfSlide(
      {
        shapes: frame('<c:chart r:id="rId1"/>') + frame('<dgm:relIds r:dm="rId2"/>'),
        relations: [
          ["rId1", "chart", "../charts/chart1.xml"],
          ["rId2", "diagramData", "/ppt/diagrams/data1.xml"],
        ],
      },
      { "ppt/charts/chart1.xml": chart, "ppt/diagrams/data1.xml": diagram },
    );
    expect(text).toBe("# Slide 1\n\nChart: Sales\n\n| North | 2025: 4.3 |\n| South | 2025: 7 |\n\n- Plan\n- Do\n");
  });

  it("gives descriptions of pictures, but no names of files", async () => {
    expect(await textOfSlide({ shapes: picture("A map of the site") + picture("photo.png") + picture("") })).toBe(
      "# Slide 1\n\nPicture: A map of the site\n",
    );
  });

  it("marks the speaker's notes, and says what is hidden", async () => {
    const document = await loadedMade(
      "a.pptx",
      makePptx([
        { shapes: shape(["Shown"], "title") },
        { shapes: shape(["Gone"], "title"), notes: "Say hello.", isHidden: true },
      ]),
    );
    expect(document.text).toBe("# Shown\n\n# Gone (hidden slide)\n\n## Speaker notes\n\nSay hello.\n");
    expect(document.note).toBe("read with what is hidden: slide 2");
  });

  it.each([
    ["PowerPoint Presentation", "First slide"],
    ["PowerPoint-Präsentation", "First slide"],
    ["Présentation PowerPoint", "First slide"],
    ["PowerPoint for beginners in 2026: a course", "PowerPoint for beginners in 2026: a course"],
    ["Our plan", "Our plan"],
  ])("takes from the properties %j the title %j", async (named, title) => {
    const core = `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>${named}</dc:title></cp:coreProperties>`;
    const bytes = makePptx([{ shapes: shape(["First slide"], "title") }], { "docProps/core.xml": core });
    expect((await loadedMade("a.pptx", bytes)).title).toBe(title);
  });

  it("reads one with macros, whatever its name is, and skips one without text", async () => {
    const macros = makePptx([{ shapes: shape(["Text"]) }], {
      "ppt/vbaProject.bin": Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0),
    });
    expect((await loadedMade("deck.pptm", macros)).language).toBe("pptx");
    expect((await loadedMade("deck", macros)).text).toBe("# Slide 1\n\nText\n");
    expect(await loadMade("a.pptx", makePptx([{ shapes: "" }]))).toEqual({
      status: "skipped",
      reason: "no text in it",
    });
  });

  it("says which slides it lacks, and goes on", async () => {
    const files = makePptx([{ shapes: shape(["Here"]) }], {
      "ppt/presentation.xml":
        '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="1" r:id="rId7"/><p:sldId id="2" r:id="rId1"/></p:sldIdLst></p:presentation>',
    });
    expect(await loadedMade("a.pptx", files)).toMatchObject({
      text: "# Slide 2\n\nHere\n",
      note: "the presentation lacks its slide 1",
    });
  });

  it.each([
    ["breaks off", "<p:sld><p:cSld>", "its XML breaks off"],
    ["is nested without end", "<p>".repeat(2_000), "its XML is nested too deeply"],
    ["is no XML", "words", "a part of it is no XML"],
  ])("reports one as failed whose slide %s", async (_name, slide, reason) => {
    const bytes = makePptx([{ shapes: "" }], { "ppt/slides/slide1.xml": slide });
    expect(await loadMade("a.pptx", bytes)).toEqual({ status: "failed", reason: `cannot be read as pptx: ${reason}` });
  });

  it("fills in no entities of the file's own", async () => {
    const bomb = `<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>${shape(["x &b; &lt;y&gt;"])}</p:spTree></p:cSld></p:sld>`;
    expect(await textOfSlide({ shapes: "" }, { "ppt/slides/slide1.xml": bomb })).toBe("# Slide 1\n\nx &b; <y>\n");
  });

  it("never looks outside of the package", async () => {
    const text = await textOfSlide({
      shapes: shape(["Text"]) + frame('<c:chart r:id="rId1"/>'),
      relations: [["rId1", "chart", "../../../../../etc/passwd"]],
    });
    expect(text).toBe("# Slide 1\n\nText\n");
  });
});
