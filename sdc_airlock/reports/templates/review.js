"use strict";
(() => {
  const main = document.getElementById("content");
  const votes = [...document.querySelectorAll("[data-vote]")];
  const byId = (id) => document.getElementById(id);
  let saved = true;

  const choice = (vote) => {
    const select = vote.querySelector("select");
    if (select) return select.value;
    const box = vote.querySelector("input[type=checkbox]");
    if (box) return box.checked ? "request_changes" : "as_decided";
    const radio = vote.querySelector("input[type=radio]:checked");
    return radio ? radio.value : "";
  };
  const comment = (vote) => {
    const area = vote.querySelector("textarea");
    return area ? area.value.trim() : "";
  };
  const held = votes.filter((vote) => vote.dataset.toolOutcome !== "release");
  const undecided = () => held.filter((vote) => !choice(vote));
  const outputs = (number) => `${number.toLocaleString("en-GB")} ${number === 1 ? "output" : "outputs"}`;

  const refresh = () => {
    const left = undecided().length;
    byId("undecided").textContent = held.length === 0 ? "" : left ? `${left.toLocaleString("en-GB")} of ${held.length.toLocaleString("en-GB")} held undecided` : "All held outputs decided";
    if (!left) byId("again").hidden = true;
  };
  const say = (text) => { byId("message").textContent = text; };

  const report = () => ({
    format: "sdc-airlock decisions",
    format_version: 1,
    tool: { name: "sdc-airlock", version: main.dataset.toolVersion },
    request_id: main.dataset.requestId,
    report: { sha256: main.dataset.reportSha256, judged_at: main.dataset.judgedAt },
    profile: { id: main.dataset.profileId, sha256: main.dataset.profileSha256 },
    reviewer: byId("reviewer").value.trim(),
    remark: byId("remark").value.trim(),
    decided_at: new Date().toISOString(),
    finished: undecided().length === 0,
    decisions: votes.map((vote) => ({
      path: vote.dataset.path,
      file_id: vote.dataset.fileId,
      tool_outcome: vote.dataset.toolOutcome,
      vote: choice(vote) || null,
      comment: comment(vote),
    })),
  });

  const download = () => {
    const data = report();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2) + "\n"], { type: "application/json" }));
    link.download = `decisions-${data.request_id.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 80)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    saved = true;
    byId("again").hidden = true;
    say(data.finished ? "Decisions exported." : `Exported as unfinished: ${outputs(undecided().length)} still to decide.`);
  };

  const named = () => {
    const field = byId("reviewer");
    const given = field.value.trim() !== "";
    field.setAttribute("aria-invalid", String(!given));
    if (!given) {
      say("Give your name, so that the decisions can be told from those of others.");
      field.focus();
    }
    return given;
  };

  const load = async (file) => {
    let data;
    try {
      data = JSON.parse(await file.text());
    } catch {
      return say("That file is no JSON.");
    }
    if (!data || data.format !== "sdc-airlock decisions" || !Array.isArray(data.decisions)) return say("That file holds no exported decisions.");
    if (data.request_id !== main.dataset.requestId) return say("Those decisions belong to another request.");
    if (!data.report || data.report.sha256 !== main.dataset.reportSha256) return say("Those decisions were made on another report of this request; decide afresh.");
    const key = (path, id) => `${id} ${path}`;
    const given = new Map(data.decisions.map((entry) => [key(entry.path, entry.file_id), entry]));
    for (const vote of votes) {
      const entry = given.get(key(vote.dataset.path, vote.dataset.fileId));
      if (!entry) continue;
      const select = vote.querySelector("select");
      const box = vote.querySelector("input[type=checkbox]");
      const area = vote.querySelector("textarea");
      if (select) select.value = entry.vote || "";
      if (box) box.checked = entry.vote === "request_changes";
      for (const radio of vote.querySelectorAll("input[type=radio]")) radio.checked = radio.value === entry.vote;
      if (area) area.value = String(entry.comment || "");
    }
    byId("reviewer").value = String(data.reviewer || "");
    byId("remark").value = String(data.remark || "");
    say("Decisions loaded.");
    refresh();
  };

  const entries = votes.map((vote) => ({ element: vote.closest("[data-outcome]"), path: vote.dataset.path.toLowerCase() }));
  const lists = [...document.querySelectorAll(".chunk, section[data-list]")].map((list) => ({ list, inside: [...list.querySelectorAll("[data-outcome]")] }));
  const filters = [...byId("filters").querySelectorAll("button")];
  let outcome = "";

  const show = (wanted, name) => {
    for (const { element, path } of entries) element.hidden = (wanted !== "" && element.dataset.outcome !== wanted) || !path.includes(name);
    for (const { list, inside } of lists) list.hidden = inside.every((element) => element.hidden);
  };
  const refilter = () => show(outcome, byId("find").value.trim().toLowerCase());
  const choose = (wanted) => {
    outcome = wanted;
    for (const button of filters) button.setAttribute("aria-pressed", String(button.dataset.show === wanted));
    refilter();
  };
  const showAll = () => {
    byId("find").value = "";
    choose("");
  };

  for (const button of filters) button.addEventListener("click", () => choose(button.dataset.show));
  byId("find").addEventListener("input", refilter);
  main.addEventListener("input", (event) => {
    if (event.target.closest("[data-vote]") || event.target.id === "remark") saved = false;
    refresh();
  });
  main.addEventListener("click", (event) => {
    if (event.target.closest('a[href^="#output-"]')) showAll();
  });
  byId("export").addEventListener("click", () => {
    if (!named()) return;
    const left = undecided().length;
    if (left) {
      byId("again").hidden = false;
      say(`${outputs(left)} ${left === 1 ? "is" : "are"} held and still undecided.`);
    } else {
      download();
    }
  });
  byId("export-anyway").addEventListener("click", () => { if (named()) download(); });
  byId("go-undecided").addEventListener("click", () => {
    const vote = undecided()[0];
    if (!vote) return;
    showAll();
    vote.scrollIntoView({ block: "center" });
    vote.querySelector("input, select").focus({ preventScroll: true });
  });
  byId("load").addEventListener("change", (event) => {
    const file = event.target.files[0];
    if (file) load(file);
    event.target.value = "";
  });
  byId("print").addEventListener("click", () => window.print());

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
    show("", "");
  });
  window.addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    refilter();
  });
  window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });

  for (const id of ["filters", "find-box", "undecided", "to-export", "actions"]) byId(id).hidden = false;
  refresh();
})();
