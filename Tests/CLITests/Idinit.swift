import Foundation
import Testing
import TestSupport

/// Runs the `idinit` that was built with the tests, with nothing in its environment but what is given.
func idinit(_ arguments: String..., environment: [String: String] = [:], in folder: URL? = nil) throws -> ProgramResult
{
  try run(idinitBinary, arguments, environment: environment, in: folder)
}

let idinitBinary = builtProductsFolder.appendingPathComponent("idinit")

/// What `--json` prints.
struct ShownJSON: Decodable, Equatable {
  var rule: String
  var shape: [Int]
  var dtype: String
  var values: [Double]
}

func shownJSON(_ arguments: String...) throws -> ShownJSON {
  let result = try run(idinitBinary, ["show"] + arguments + ["--json"])
  #expect(result.status == 0 && result.standardError.isEmpty, "\(result.standardError)")
  return try JSONDecoder().decode(ShownJSON.self, from: Data(result.standardOutput.utf8))
}
