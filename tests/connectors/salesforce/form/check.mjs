// Reads one JSON document {flows, classes, queries, formulas} from the path given, and prints what others' parsers say
// of it as one JSON document {violations, errors, differences, counts}.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parse as parseFormula } from 'formulon'
import { parseQuery } from '@jetstreamapp/soql-parser-js'

const require = createRequire(import.meta.url)
const scanner = require('lightning-flow-scanner-core')
const apex = require('@apexdevtools/apex-parser')
const antlr = require('antlr4ts')

const given = JSON.parse(readFileSync(process.argv[2], 'utf-8'))
const errors = []
const differences = []

const parsed = await scanner.parse(given.flows)
const violations = scanner.scan(parsed).flatMap((each) =>
  each.ruleResults.flatMap((rule) =>
    rule.details.map((detail) => ({ flow: each.flow.name, rule: rule.ruleName, element: detail.name })),
  ),
)
for (const each of parsed.filter((each) => each.errorMessage)) errors.push(`${each.uri}: ${each.errorMessage}`)

class Listener {
  constructor(path) { this.path = path }
  syntaxError(_recognizer, _symbol, line, column, message) { errors.push(`${this.path}:${line}:${column}: ${message}`) }
}
for (const path of given.classes) {
  const lexer = new apex.ApexLexer(new apex.CaseInsensitiveInputStream(antlr.CharStreams.fromString(readFileSync(path, 'utf-8'))))
  const parser = new apex.ApexParser(new antlr.CommonTokenStream(lexer))
  parser.removeErrorListeners()
  parser.addErrorListener(new Listener(path))
  parser.compilationUnit()
}

for (const query of given.queries) {
  try {
    parseQuery(query)
  } catch (error) {
    errors.push(`${query}: ${error.message}`)
  }
}

const revived = (literal) =>
  ['date', 'datetime'].includes(literal.dataType) && literal.value !== null
    ? { ...literal, value: new Date(literal.value) }
    : literal
for (const each of given.formulas) {
  const values = Object.fromEntries(Object.entries(each.values).map(([name, literal]) => [name, revived(literal)]))
  const found = parseFormula(each.formula, values)
  const said = found.type === 'error' ? `${found.errorType}: ${found.message}` : found.value
  const plain = said instanceof Date ? said.toISOString() : said
  const near = typeof plain === 'number' && Math.abs(plain - each.expected) < 1e-6
  // A text that is empty is blank: one says so with '', the other with null.
  const blank = (plain === '' || plain === null) && each.expected === null
  if (!near && !blank && plain !== each.expected) differences.push({ ...each, said: plain })
}

process.stdout.write(
  JSON.stringify({
    violations,
    errors,
    differences,
    counts: {
      flows: parsed.length,
      classes: given.classes.length,
      queries: given.queries.length,
      formulas: given.formulas.length,
    },
  }),
)
