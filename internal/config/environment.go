package config

import "strings"

// demoPrefix marks variables that belong to -demo and name no key.
const demoPrefix = "PULT_DEMO_"

// applyEnvironment lets variables override keys. A variable that begins like
// one of ours and names no key is a fault, since it was surely meant to work.
func applyEnvironment(cfg *Config, environ []string, origin origins) Faults {
	var faults Faults
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		section, ok := findSection(name)
		if !ok {
			continue
		}
		key := strings.ToLower(strings.TrimPrefix(name, variableName(section, "")))
		found, ok := findKey(section, key)
		if !ok {
			faults = append(faults, Fault{Section: section, Key: key,
				Message: "unknown variable; " + suggestKnown(variableName(section, key), variableNames(section))})
			continue
		}
		delete(origin, keyName{section, key})
		if err := found.set(cfg, strings.TrimSpace(value)); err != nil {
			faults = append(faults, Fault{Section: section, Key: key, Message: err.Error()})
		}
	}
	return faults
}

// variableName is the environment's name of a key.
func variableName(section, key string) string {
	return "PULT_" + strings.ToUpper(section) + "_" + strings.ToUpper(key)
}

func findSection(name string) (string, bool) {
	if strings.HasPrefix(name, demoPrefix) {
		return "", false
	}
	for _, section := range sectionNames() {
		if strings.HasPrefix(name, variableName(section, "")) {
			return section, true
		}
	}
	return "", false
}

func variableNames(section string) []string {
	names := keyNames(section)
	for i, key := range names {
		names[i] = variableName(section, key)
	}
	return names
}
