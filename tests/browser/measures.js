// What is measured in a page, by the name of the measure. Each returns a list of complaints; an empty one is good.
({
  // Contrast of every text against what is painted behind it, as WCAG 2 computes it.
  contrast(least) {
    const channels = colour => (colour.match(/[\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map(each => each / 255).map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = element => {
      for (let each = element; each; each = each.parentElement) {
        const found = channels(getComputedStyle(each).backgroundColor);
        if (found.length === 3 || found[3] === 1) return found;
        if (found[3] > 0) throw new Error("half transparent: " + each.outerHTML.slice(0, 80));
      }
      return [255, 255, 255];
    };
    const complaints = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || element.closest("svg, style")) continue;
      const [one, two] = [light(channels(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
      const ratio = (one + 0.05) / (two + 0.05);
      if (ratio < least) complaints.push(`${ratio.toFixed(2)}: ${element.tagName} ${element.className} ${texts.currentNode.data.slice(0, 40)}`);
    }
    return [...new Set(complaints)];
  },
  // Nothing hangs out of the window to the right.
  width() {
    const room = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth > room ? [`the page is ${document.documentElement.scrollWidth} wide, the window ${room}`] : [];
  },
  // On paper nobody scrolls: no table and no folded part may be cut.
  paper() {
    const room = document.documentElement.clientWidth, complaints = [];
    for (const each of document.querySelectorAll("td, th, dd, li, p, h1, h2, h3, h4, svg")) {
      if (each.closest("nav, .back, .skip")) continue;
      const box = each.getBoundingClientRect();
      if (box.width && (box.right > room + 1 || box.left < -1)) complaints.push(`cut at the side: ${each.tagName} ${each.textContent.slice(0, 60)}`);
      if (!each.checkVisibility() && each.textContent.trim()) complaints.push(`not printed: ${each.tagName} ${each.textContent.slice(0, 60)}`);
    }
    return complaints.slice(0, 5);
  },
  // One heading of the first level, and no level left out.
  headings() {
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(each => Number(each.tagName[1]));
    const complaints = levels.filter(each => each === 1).length === 1 ? [] : ["there is not exactly one h1"];
    levels.forEach((each, index) => { if (index && each > levels[index - 1] + 1) complaints.push(`h${each} after h${levels[index - 1]}`); });
    return complaints;
  },
  // Tables say what they are about and what their columns and rows are; every id is there once, every link of the page leads on.
  structure() {
    const complaints = [];
    for (const each of document.querySelectorAll("table")) {
      if (!each.caption) complaints.push("a table without a caption");
      if (each.querySelector("th:not([scope])")) complaints.push(`a head without scope in ${each.caption?.textContent}`);
    }
    const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
    for (const each of ids) if (ids.indexOf(each) !== ids.lastIndexOf(each)) complaints.push(`twice: #${each}`);
    for (const each of document.querySelectorAll('a[href^="#"]')) if (!ids.includes(decodeURIComponent(each.hash.slice(1)))) complaints.push(`nowhere: ${each.hash}`);
    return complaints;
  },
  // What a hostile name would want: an element of its own, a style, an event, an address that is code.
  inert() {
    const complaints = [...document.querySelectorAll("script, img, iframe, object, embed, form, base, link, body style")].map(each => `an element: ${each.outerHTML.slice(0, 80)}`);
    for (const each of document.querySelectorAll("*")) for (const { name, value } of each.attributes) {
      if (name.startsWith("on") || name === "style") complaints.push(`${each.tagName} has ${name}`);
      if (name === "href" && !/^(#|https:\/\/)/.test(value)) complaints.push(`a link to ${value.slice(0, 60)}`);
    }
    if (/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/.test(document.documentElement.outerHTML)) complaints.push("a mark that turns the direction of writing");
    return complaints;
  },
})
