import Foundation
import IDInit
import TestSupport
import Testing

@testable import Lab
@testable import Recipes

private final class Listener: ProgressReporter {
  var warnings: [String] = []
  func report(_ event: ProgressEvent) { if event.moment == .warning { warnings.append(event.detail) } }
}

/// What a record was made with against what is asked for now.
@Suite struct EnvironmentTests {
  @Test(arguments: [false, true]) func otherThreadsAreAnError(_ isFinished: Bool) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: isFinished ? nil : 5)
    let error = #expect(throws: LabError.self) { try bench.run { $0.threads = 2 } }
    #expect(error?.kind == .configuration)
    #expect(error?.message.contains("was started with threads 1, now it is 2") == true)
    // Threads that are left open ask for nothing.
    #expect(try bench.run { $0.threads = nil }.map(\.status) == [.finished])
  }

  @Test(arguments: [false, true]) func anotherDeviceIsAnError(_ isFinished: Bool) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: isFinished ? nil : 5)
    try bench.change("environment.json", "device", to: "cuda:0")
    let error = #expect(throws: LabError.self) { try bench.run() }
    #expect(error?.message.contains("was started with device cuda:0, now it is cpu") == true)
  }

  @Test(arguments: [false, true]) func otherDataIsAnError(_ isFinished: Bool) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: isFinished ? nil : 5)
    var data = try #require(try JSONValue(parsing: bench.file("environment.json"))["data"])
    data["testSHA256"] = "0123"
    try bench.change("environment.json", "data", to: data)
    let error = #expect(throws: LabError.self) { try bench.run() }
    #expect(error?.kind == .data)
    #expect(error?.message.contains("other data (testSHA256 0123, now") == true, "\(error?.message ?? "")")
  }

  /// A finished record of a program that did not note whether its data is official is completed, once the data is at hand
  /// and has the same digests.
  @Test func whetherDataIsOfficialIsNoted() throws {
    let bench = try Bench()
    #expect(try bench.run().map(\.data?.isOfficial) == [false])
    let whole = try bench.file("environment.json")
    var data = try #require(try JSONValue(parsing: whole)["data"])
    data["official"] = nil
    try bench.change("environment.json", "data", to: data)
    #expect(try bench.run().map(\.data?.isOfficial) == [false])
    #expect(try bench.file("environment.json") == whole)
  }

  @Test func aFinishedRunWithoutItsEnvironmentIsPointedOut() throws {
    let bench = try Bench()
    _ = try bench.run()
    try FileManager.default.removeItem(at: bench.url("environment.json"))
    let listener = Listener()
    #expect(try bench.run { $0.progress = listener }.map(\.status) == [.finished])
    #expect(listener.warnings.count == 1 && listener.warnings[0].contains("environment.json is missing"))
  }

  @Test(arguments: [nil, "threads", "device", "libtorch"] as [String?])
  func aCheckpointNeedsItsEnvironment(_ missing: String?) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    if let missing {
      try bench.change("environment.json", missing, to: nil)
    } else {
      try FileManager.default.removeItem(at: bench.url("environment.json"))
    }
    let error = #expect(throws: LabError.self) { try bench.run() }
    #expect(error?.kind == .data)
    #expect(error?.message.contains("environment.json") == true)
  }

  /// It is pointed out and noted, but not refused: the numbers of most builds are the same.
  @Test(arguments: [nil, ["version": "0.0.9", "sha256": "0123456789abcdef"]] as [JSONValue?])
  func anotherBuildOfTheProgramIsPointedOut(_ program: JSONValue?) throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    let noted = try #require(try JSONValue(parsing: bench.file("environment.json"))["program"])
    #expect(noted["sha256"]?.text?.count == 64 && noted["version"]?.text == PackageVersion.current)
    try bench.change("environment.json", "program", to: program)
    let listener = Listener()
    for step in [3, 3] { _ = try? bench.run(stopAfter: step) { $0.progress = listener } }
    #expect(listener.warnings.count == 2)
    let words = program == nil ? "which did not note itself" : "0.0.9, SHA-256 0123456789ab…"
    #expect(listener.warnings.first?.contains("another build of this program (\(words), now") == true)
    let environment = try JSONValue(parsing: bench.file("environment.json"))
    #expect(environment["program"] == program && environment["resumedBy"]?.elements == [noted])
  }

  /// The digest is that of the file that runs, as another program computes it.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/exe"), "needs /proc"))
  func theBuildIsTheDigestOfItsFile() throws {
    let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let result = try run(URL(fileURLWithPath: "/usr/bin/env"), ["sha256sum", executable])
    #expect(result.standardOutput.hasPrefix(try #require(ProgramBuild.current.sha256) + " "))
  }

  @Test func anotherProcessorIsPointedOut() throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    try bench.change("environment.json", "processor", to: "Abacus 3000")
    let listener = Listener()
    #expect(try bench.run { $0.progress = listener }.map(\.status) == [.finished])
    #expect(listener.warnings.count == 1 && listener.warnings[0].contains("Abacus 3000"), "\(listener.warnings)")
  }
}
