import Torch

/// The engine as runs use it: its version, threads and devices.
public enum Engine {
  /// libtorch's version.
  public static var version: String { Runtime.libtorchVersion }
  /// Threads that an operation may use now.
  public static var threads: Int { Runtime.threadCount }

  /// The number of threads that the engine chose by itself.
  static let defaultThreads = Runtime.threadCount

  static func prepare(threads count: Int) throws {
    // Asked for first, so that it is the engine's own choice and not an earlier run's.
    _ = defaultThreads
    if Runtime.threadCount != count { try setThreadCount(count) }
    // Large temporaries would else go back to the kernel and be faulted in again at every step.
    Runtime.keepFreedMemory()
  }

  /// Computes with so many threads from here on.
  ///
  /// - Parameter threads: At least 1.
  /// - Throws: `LabError` (`.usage`) for fewer.
  public static func use(threads: Int) throws {
    guard threads >= 1 else { throw LabError(.usage, "--threads is \(threads); expected at least 1") }
    try prepare(threads: threads)
  }

  /// The device of this name, if it is there.
  /// - Throws: `LabError`: `.usage` for a name that is none, `.unavailable` for a GPU that cannot be used, with the reason.
  public static func device(named name: String) throws(LabError) -> Device {
    guard let device = Device(name) else {
      throw LabError(.usage, "--device is \(name); expected cpu, cuda or cuda:N")
    }
    if case .cuda(let index) = device {
      guard Runtime.isCUDAAvailable else {
        throw LabError(
          .unavailable,
          "--device \(name): CUDA is not available here: "
            + (Runtime.cudaExplanation ?? "there is no NVIDIA driver, or this libtorch has no CUDA"))
      }
      guard index < Runtime.cudaDeviceCount else {
        throw LabError(.unavailable, "--device \(name): there are \(Runtime.cudaDeviceCount) GPUs, from cuda:0 on")
      }
    }
    return device
  }
}
