// When the clocks of a contact fall due. It reads the contact, computes, and writes the dates for which workflows wait.
// DATA above has the promises and hours of the agreement; nothing here names one. Instants are milliseconds.

const GO_ON = ["awaits", "running", "warned", "overdue"];
const UNJUDGED = ["awaits", "running", "warned"];
const spell = (at) => new Date(at).toISOString().replace(".000Z", "Z");
const under = (name) => name.replace(/[.-]/g, "_");

function unpack(data) {
  // A row is the midnight from which the local time of a day counts, after that of the row before, and its opening and
  // closing after that midnight, all in minutes.
  const hours = data.hours.map((rows) => {
    let midnight = 0;
    return rows.map(([after, opens, closes]) => {
      midnight += after;
      return { midnight: midnight * 60000, opens: (midnight + opens) * 60000, closes: (midnight + closes) * 60000 };
    });
  });
  return { ...data, hours };
}

function add(rows, start, [kind, amount]) {
  if (kind === "wall" || rows === null) return start + amount;
  return kind === "open" ? addOpen(rows, start, amount) : addDays(rows, start, amount);
}

function known(found) {
  if (found === undefined) throw new Error("The hours in this code end before the clock does: run sla-sync apply.");
  return found;
}

function addOpen(rows, start, length) {
  let left = length;
  if (left <= 0) return start;
  for (const row of rows) {
    if (row.closes <= start) continue;
    const opens = Math.max(row.opens, start);
    if (left <= row.closes - opens) return opens + left;
    left -= row.closes - opens;
  }
  return known(undefined);
}

function addDays(rows, start, count) {
  // The same clock time on the so-manyth later open day, within its windows; an opening is the closing before it.
  if (!count) return start;
  const first = known(rows.find((row) => row.closes > start));
  const clock = Math.max(first.opens, start) - first.midnight;
  const days = [...new Set(rows.filter((row) => row.midnight > first.midnight).map((row) => row.midnight))];
  const day = known(days[count - 1]);
  const windows = rows.filter((row) => row.midnight === day);
  const open = windows.find((row) => day + clock < row.closes);
  const inside = open ? Math.max(open.opens, day + clock) : windows[windows.length - 1].closes;
  const at = rows.findIndex((row) => row.midnight === day && row.opens === inside);
  return at < 0 ? inside : rows[at - 1].closes;
}

function between(rows, start, end) {
  return rows.reduce((sum, row) => sum + Math.max(Math.min(row.closes, end) - Math.max(row.opens, start), 0), 0);
}

function isOpen(rows, at) {
  return rows === null || rows.some((row) => row.opens <= at && at < row.closes);
}

function rounded(seconds) {
  // Halves go to the even second.
  const low = Math.floor(seconds);
  const rest = seconds - low;
  return rest > 0.5 || (rest === 0.5 && low % 2) ? low + 1 : low;
}

function warning(clock, rows, start, limit) {
  if (clock.warn === null) return null;
  if (Array.isArray(clock.warn)) return add(rows, start, clock.warn);
  if (limit === null) return null;
  const end = add(rows, start, limit);
  const open = limit[0] !== "wall" && rows !== null;
  const part = rounded(((open ? between(rows, start, end) : end - start) / 1000) * clock.warn) * 1000;
  return open ? addOpen(rows, start, part) : start + part;
}

function found(data, clock, start, priority) {
  const rows = clock.hours === null ? null : data.hours[clock.hours];
  const inside = isOpen(rows, start);
  const fits = (limit) => (limit.priority === null ? limit.inside === null || limit.inside === inside : false);
  const limit = clock.limits.find((each) => each.priority !== null && each.priority === priority) || clock.limits.find(fits);
  if (clock.limits.length && !limit) return null;
  const due = limit ? add(rows, start, limit.within) : null;
  const coming = [];
  const warn = warning(clock, rows, start, limit ? limit.within : null);
  if (warn !== null) coming.push({ what: "warn", at: warn });
  if (due !== null) coming.push({ what: "due", at: due });
  for (const step of clock.steps) {
    if (step.at !== null) coming.push({ what: step.what, at: add(rows, start, step.at) });
    else if (step.after !== null && due !== null) coming.push({ what: step.what, at: add(rows, due, step.after) });
  }
  return { clock: clock.name, start, due, hours: clock.calendar, coming };
}

function readRuns(text, cycle) {
  const space = text.indexOf(" ");
  if (space < 0 || text.slice(0, space) !== String(cycle)) return [];
  const found = [];
  for (const told of text.slice(space + 1).split("; ")) {
    const parts = /^(\S+) (\S+)(?: due (\S+))?(?: in ([^:]+))?:(.*)$/.exec(told);
    if (!parts) return [];
    const coming = parts[5].split(", ").filter((each) => each.trim()).map((each) => each.trim().split(" "));
    found.push({
      clock: parts[1], start: Date.parse(parts[2]), due: parts[3] ? Date.parse(parts[3]) : null, hours: parts[4] || "",
      coming: coming.map(([what, at]) => ({ what, at: Date.parse(at) })),
    });
  }
  return found;
}

function spellRuns(cycle, runs) {
  const spelled = runs.map((run) => {
    const due = run.due === null ? "" : ` due ${spell(run.due)}`;
    const hours = run.hours ? ` in ${run.hours}` : "";
    const coming = run.coming.map((each) => `${each.what} ${spell(each.at)}`).join(", ");
    return `${run.clock} ${spell(run.start)}${due}${hours}: ${coming}`.trimEnd();
  });
  return `${cycle} ${spelled.join("; ")}`;
}

// What is written into a contact with these properties; null where its dates are not asked for.
function answer(data, properties) {
  const says = (name) => properties[data.prefix + name] || "";
  const instant = (name) => (says(name) ? Date.parse(says(name)) : null);
  if (says("dates") !== "asked") return null;
  const cycle = Math.trunc(Number(says("cycle") || 0));
  const isCycleOpen = says("cycle_state") === "open";
  const owned = Boolean(properties.hubspot_owner_id);
  const happened = (clock, what) => instant(`${under(clock)}_${what}_happened_at`);
  const came = (clock, each) => each.at !== null && happened(clock, each.what) !== null && happened(clock, each.what) >= each.at;
  const step = (clock, what) => clock.steps.find((each) => each.what === what);
  const usedUp = (clock, what) => {
    const rung = step(clock, what);
    return rung && rung.most !== null && Number(says(`${under(clock.name)}_${what}_times`) || 0) >= rung.most;
  };
  const still = (clock, run) => run.coming.filter((each) => !usedUp(clock, each.what) && !came(clock.name, each));
  const sinceStart = (clock, what) => Boolean(step(clock, what)) && step(clock, what).at !== null;
  const whats = (clock) => [
    ...(clock.warn === null ? [] : ["warn"]), "due",
    ...clock.steps.filter((each) => each.at !== null || each.after !== null).map((each) => each.what),
  ];
  const kept = readRuns(says("dates_for"), cycle)
    .filter((run) => data.clocks.some((clock) => clock.name === run.clock))
    .map((run) => {
      const names = whats(data.clocks.find((clock) => clock.name === run.clock));
      return { ...run, coming: run.coming.filter((each) => names.includes(each.what)) };
    });
  const verdicts = {};
  const due = {};
  const running = [];
  const earlier = [];
  for (const clock of data.clocks) {
    const name = under(clock.name);
    const start = instant(`${name}_started_at`);
    if (start === null) continue;
    const state = says(`${name}_state`);
    const stopped = instant(`${name}_stopped_at`);
    const goesOn = GO_ON.includes(state) || state === "stopped";
    for (const run of isCycleOpen ? kept : []) {
      // A turn after it may have no clock: then the run that started last is one of an earlier turn too.
      if (run.clock !== clock.name || (run.start === start && goesOn) || (stopped !== null && stopped >= run.start)) continue;
      if (run.due === null || !came(clock.name, { what: "due", at: run.due })) continue;
      const coming = still(clock, run).filter((each) => each.what.startsWith("step") && !sinceStart(clock, each.what));
      if (coming.length) earlier.push({ ...run, coming, order: kept.indexOf(run) });
    }
    const wasStopped = stopped !== null && stopped >= start;
    const isStopped = state === "stopped" || (wasStopped && UNJUDGED.includes(state));
    if (!isStopped && (!GO_ON.includes(state) || wasStopped)) continue;
    if (!isCycleOpen && !isStopped) {
      verdicts[clock.name] = "void";
      continue;
    }
    const run = kept.find((each) => each.clock === clock.name && each.start === start)
      || found(data, clock, start, says("priority") || null);
    if (!run) {
      verdicts[clock.name] = "not promised";
      continue;
    }
    if (run.due !== null) due[clock.name] = run.due;
    if (isStopped) {
      verdicts[clock.name] = run.due !== null && stopped !== null && stopped > run.due ? "late" : "on_time";
      continue;
    }
    const ended = !owned && clock.restarts;
    verdicts[clock.name] = "runs";
    running.push({ ...run, coming: still(clock, run).filter((each) => !(ended && sinceStart(clock, each.what))) });
  }
  const runs = [...earlier.sort((one, other) => one.order - other.order), ...running];
  return written(data, says, instant, cycle, isCycleOpen, runs, verdicts, due);
}

function written(data, says, instant, cycle, isCycleOpen, runs, verdicts, due) {
  const values = { dates_for: spellRuns(cycle, runs), dates: isCycleOpen ? "written" : "quiet" };
  for (const [clock, verdict] of Object.entries(verdicts)) {
    const name = under(clock);
    const state = says(`${name}_state`);
    const limit = due[clock] === undefined ? "" : spell(due[clock]);
    if (verdict === "void") {
      if (UNJUDGED.includes(state)) values[`${name}_state`] = "void";
      continue;
    }
    values[`${name}_due_at`] = limit;
    if (verdict === "not promised") values[`${name}_state`] = "idle";
    else if (verdict !== "runs") values[`${name}_state`] = verdict;
    else if (state === "awaits") values[`${name}_state`] = "running";
    if (clock === data.deadline) values.due_at = limit;
  }
  const rank = (what) => (what === "warn" ? 0 : what === "due" ? 1 : 2);
  const place = (clock) => data.clocks.findIndex((each) => each.name === clock);
  const number = (what) => (what.startsWith("step") ? Number(what.slice(4)) : 0);
  const events = runs.flatMap((run) => run.coming.map((each) => ({ ...each, clock: run.clock })));
  events.sort(
    (one, other) =>
      one.at - other.at || rank(one.what) - rank(other.what) || place(one.clock) - place(other.clock)
      || number(one.what) - number(other.what)
  );
  for (let slot = 1; slot <= data.slots; slot += 1) {
    const event = events[slot - 1];
    values[`next_${slot}`] = event ? `${event.clock}.${event.what}` : "";
    // The limit itself is still in time, so what follows it comes right after it.
    values[`next_${slot}_at`] = event ? spell(event.what === "warn" ? event.at : event.at + 1) : "";
  }
  const touch = instant("first_touch_at");
  const assigned = instant("assigned_at");
  if (touch !== null && assigned !== null && touch < assigned) values.first_touch_at = "";
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [data.prefix + name, text]));
}

exports.answer = (data, properties) => answer(unpack(data), properties);
exports.main = async (event, callback) => {
  // HubSpot runs the code again where a call by this library is answered 429 or 5xx.
  const axios = require("axios");
  const headers = { Authorization: `Bearer ${process.env[DATA.secret]}` };
  const url = `https://api.hubapi.com/crm/v3/objects/contacts/${event.object.objectId}`;
  const contact = await axios.get(url, { headers, params: { properties: DATA.read.join(",") } });
  const values = exports.answer(DATA, contact.data.properties);
  if (values !== null) await axios.patch(url, { properties: values }, { headers });
  callback({ outputFields: {} });
};
