import ArgumentParser

/// How a command prints its table: what those that print one have in common.
struct TableFormat: ParsableArguments {
  @Flag(help: "Print JSON instead of a table.")
  var json = false

  @Flag(help: "Print CSV instead of a table.")
  var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv are two forms of one output; expected one of them") }
  }
}
