import BenchmarkSupport
import Foundation
import Torch

/// The most memory that training has resident: ours and PyTorch's eager way, each in a process of its own. Both are judged
/// twice: whole, and by what training adds to a process that has its libraries and its images, since Python's own share and
/// images as floats (ours are bytes) say nothing about training.
struct MemoryTable {
  static let images = 2560
  static let steps = 12

  /// What `training-benchmark --peak-memory` does: trains and prints its high-water marks before and after.
  static func train(threads: Int) throws {
    try setThreadCount(threads)
    Runtime.keepFreedMemory()
    let training = try ResNet20Steps(images: images)
    let idle = peak()
    _ = try training.run(steps)
    guard let idle, let peak = peak() else { return }
    print(idle, peak)
  }

  /// - Returns: Whether ours took no more than PyTorch's; false where that cannot be measured.
  static func run(threads: Int) throws -> Bool {
    let peer = try? TorchChild(script: "resnet20.py", arguments: [String(threads)])
    defer { peer?.stop() }
    _ = peer?.measure("images \(images)")
    // Before its first step: Python, libtorch and its bindings, the network and the images.
    let idle = peer?.measure("prepare eager")
    _ = peer?.measure("eager \(steps)")
    let theirs = peer?.measure("peak")
    guard let ours = try child(threads: threads) else {
      print(
        "Memory: not measured, this system does not tell a process's high-water mark (/proc/PID/status); "
          + "target ≤ 1: \(reached(false))")
      return false
    }
    print(String(format: "Most memory resident, ResNet-20, %d steps: Swift %.0f MB", steps, ours.peak))
    guard let idle, let theirs else {
      print("  PyTorch: not measured; target ≤ 1: \(reached(false))")
      return false
    }
    print(
      String(format: "  PyTorch eager %.0f MB; ours %.2f of it; ", theirs, ours.peak / theirs)
        + "target ≤ 1: \(reached(ours.peak <= theirs))")
    let (added, theirAdded) = (ours.peak - ours.idle, theirs - idle)
    print(
      String(format: "  of which training adds: Swift %.0f MB to %.0f, ", added, ours.idle)
        + String(format: "PyTorch %.0f MB to %.0f; ours %.2f of it; ", theirAdded, idle, added / theirAdded)
        + "target ≤ 1: \(reached(added <= theirAdded))")
    return ours.peak <= theirs && added <= theirAdded
  }

  /// - Returns: MB before training and at most; nil where the system does not tell.
  private static func child(threads: Int) throws -> (idle: Double, peak: Double)? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
    process.arguments = ["--peak-memory", "--threads", String(threads)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }

  /// MB of this process, from the kernel's mark of its own memory since it was started.
  private static func peak() -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) }
      .map { $0 / 1024 }
  }
}
