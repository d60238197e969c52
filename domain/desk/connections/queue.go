package connections

import "pult/domain"

// VendorQueue is the queue of the jobs that call a channel's vendor.
func VendorQueue(channel domain.ID) string { return channel.String() }

// FilesQueue is the queue of a channel's downloads. It is another, so that a vendor whose files come slowly can still
// be written to.
func FilesQueue(channel domain.ID) string { return channel.String() + "/files" }

// scheduleQueue is the queue of a channel's checks and polls. Its name is older than this function and stands in stored
// jobs.
func scheduleQueue(channel domain.ID) string { return channel.String() + "/rounds" }
