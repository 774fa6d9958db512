"""deskterm: the IT help desk that lives in a technician's terminal."""

__version__ = "0.1.0"
