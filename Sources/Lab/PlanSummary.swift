import Foundation
import IDInit

/// What a run's parameters started from, counted: a row for every role and rule, in the plan's order.
///
/// Cells: `role`, `rule`, `gain` and `epsilon` (null where the rule has none), `tensors`, `values` (elements in all).
enum PlanSummary {
  static let file = "plan.json"

  /// - Parameter url: A `plan.json`.
  /// - Returns: Its rows; none if there is no such file.
  /// - Throws: `LabError`: `.io` if it cannot be read, `.data` if it is no plan.
  static func rows(at url: URL) throws(LabError) -> [Row] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    let data = try Disk.read(url)
    do {
      return rows(try JSONDecoder().decode(InitializationPlan.self, from: data))
    } catch {
      throw LabError(
        .data, "\(url.path): expected an initialisation plan, as a run writes it; \(LabError(wrapping: error).message)")
    }
  }

  static func rows(_ plan: InitializationPlan) -> [Row] {
    var rows: [Row] = []
    for entry in plan.entries {
      var row: Row = ["role": .string(entry.role.rawValue), "rule": .string(entry.ruleName)]
      row["gain"] = entry.gain.map(JSONValue.double) ?? .null
      row["epsilon"] = entry.epsilon.map(JSONValue.double) ?? .null
      let kind = row
      let count = entry.shape.reduce(1, *)
      if let index = rows.firstIndex(where: { Row(Array($0.cells.prefix(4))) == kind }) {
        rows[index]["tensors"] = .int((rows[index]["tensors"]?.integer ?? 0) + 1)
        rows[index]["values"] = .int((rows[index]["values"]?.integer ?? 0) + count)
      } else {
        rows.append(kind.appending(["tensors": 1, "values": .int(count)]))
      }
    }
    return rows
  }
}
