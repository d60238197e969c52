package connections

import (
	"pult/domain"
)

// VendorQueue is the queue of jobs that call a channel's vendor, filesQueue that of its downloads: a vendor whose files come slowly
// can still be written to. roundsQueue is that of what is done every now and then.
func VendorQueue(channel domain.ID) string { return channel.String() }

func FilesQueue(channel domain.ID) string { return channel.String() + "/files" }

func scheduleQueue(channel domain.ID) string { return channel.String() + "/rounds" }
