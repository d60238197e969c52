package settings

// TabPaths are the pages that a channel can have, below its own.
func TabPaths() []string {
	var paths []string
	for _, tab := range tabList {
		paths = append(paths, tab.path)
	}
	return paths
}
