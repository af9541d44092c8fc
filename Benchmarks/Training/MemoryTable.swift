import BenchmarkSupport
import Foundation
import Torch

/// The most memory that training has resident: ours and PyTorch's eager way, each in a process of its own.
struct MemoryTable {
  static let images = 2560
  static let steps = 12

  /// What `training-benchmark --peak-memory` does: trains and prints its own high-water mark.
  static func train(threads: Int) throws {
    try setThreadCount(threads)
    Runtime.keepFreedMemory()
    _ = try ResNet20Steps(images: images).run(steps)
    guard let peak = peak() else {
      print("none")
      return
    }
    print(peak)
  }

  /// - Returns: Whether ours took no more than PyTorch's; true where the system does not tell.
  static func run(threads: Int) throws -> Bool {
    let peer = try? TorchChild(script: "resnet20.py", arguments: [String(threads)])
    defer { peer?.stop() }
    // Before its first step: Python, libtorch and its bindings.
    let idle = peer?.measure("peak")
    _ = peer?.measure("images \(images)")
    _ = peer?.measure("eager \(steps)")
    let theirs = peer?.measure("peak")
    guard let ours = try child(threads: threads) else {
      print("Memory: not measured, this system does not tell a process's high-water mark (/proc/PID/status)")
      return true
    }
    print(String(format: "Most memory resident, ResNet-20, %d steps: Swift %.0f MB", steps, ours))
    guard let idle, let theirs else {
      print("  PyTorch: not measured")
      return true
    }
    print(
      String(format: "  PyTorch eager %.0f MB (%.0f MB once torch is imported); ", theirs, idle)
        + String(format: "ours %.2f of it; ", ours / theirs) + "target ≤ 1: \(reached(ours <= theirs))")
    return ours <= theirs
  }

  private static func child(threads: Int) throws -> Double? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
    process.arguments = ["--peak-memory", "--threads", String(threads)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// MB of this process, from the kernel's mark of its own memory since it was started.
  private static func peak() -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Double($0) }
      .map { $0 / 1024 }
  }
}
