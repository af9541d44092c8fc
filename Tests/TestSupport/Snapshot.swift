import Foundation

/// Folder of the package that these tests belong to.
public let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The committed text of that name in Tests/Fixtures/Snapshots. With RECORD_SNAPSHOTS=1 in the environment, `actual`
/// is written there first: run the tests once so, and read the difference before committing it.
public func snapshot(_ name: String, recording actual: String) throws -> String {
  let file = packageFolder.appendingPathComponent("Tests/Fixtures/Snapshots/\(name).txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try actual.write(to: file, atomically: true, encoding: .utf8)
  }
  return try String(contentsOf: file, encoding: .utf8)
}
