"""Who is to be told of what an audit found, and handing it to the service where people read it."""
