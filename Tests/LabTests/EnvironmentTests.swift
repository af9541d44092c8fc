import Foundation
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

  @Test func anotherProcessorIsPointedOut() throws {
    let bench = try Bench()
    _ = try? bench.run(stopAfter: 5)
    try bench.change("environment.json", "processor", to: "Abacus 3000")
    let listener = Listener()
    #expect(try bench.run { $0.progress = listener }.map(\.status) == [.finished])
    #expect(listener.warnings.count == 1 && listener.warnings[0].contains("Abacus 3000"), "\(listener.warnings)")
  }
}
