import Crypto
import Foundation
import IDInit

/// Which build of the program runs: what `environment.json` calls `program`. Two builds may differ in the last bits of
/// what they compute, and in more where one mends the other; a version alone does not tell builds between releases apart.
struct ProgramBuild: Hashable {
  var version: String
  /// Of the file of the executable; nil where it cannot be read.
  var sha256: String?

  /// The build that is running. Its file is read once, when this is first asked for.
  static let current = ProgramBuild(version: PackageVersion.current, sha256: digest())

  /// - Parameter noted: The member `program` of `environment.json`; nil in the records of programs that did not note it.
  init?(_ noted: JSONValue?) {
    guard let version = noted?["version"]?.text else { return nil }
    self.init(version: version, sha256: noted?["sha256"]?.text)
  }

  private init(version: String, sha256: String?) {
    self.version = version
    self.sha256 = sha256
  }

  var json: JSONValue { ["version": .string(version), "sha256": sha256.map(JSONValue.string) ?? .null] }

  /// "0.1.0, SHA-256 0123456789ab…"
  var text: String { "\(version), SHA-256 \(sha256.map { "\($0.prefix(12))…" } ?? "unknown")" }

  private static func digest() -> String? {
    // The running file itself, also where another has taken its place since; elsewhere the file of its name.
    let itself = "/proc/self/exe"
    let url = FileManager.default.fileExists(atPath: itself) ? URL(fileURLWithPath: itself) : Bundle.main.executableURL
    guard let url, let handle = try? FileHandle(forReadingFrom: url) else { return nil }
    defer { try? handle.close() }
    var hash = SHA256()
    do {
      while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty { hash.update(data: chunk) }
    } catch {
      return nil
    }
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
