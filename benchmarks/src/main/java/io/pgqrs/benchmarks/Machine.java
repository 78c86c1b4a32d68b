package io.pgqrs.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;

/** The machine that results were measured on. */
final class Machine {

	private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

	private Machine() {
	}

	static Map<String, String> describe() {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		Map<String, String> machine = new LinkedHashMap<>();
		machine.put("processors", String.valueOf(system.getAvailableProcessors()));
		machine.put("processor", processor());
		machine.put("memory", (system.getTotalMemorySize() >> 20) + " MiB");
		machine.put("system", system.getName() + " " + system.getVersion() + " " + system.getArch());
		return machine;
	}

	private static String processor() {
		try (var lines = Files.lines(CPU_INFO)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.findFirst()
				.orElse("unknown");
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

}
