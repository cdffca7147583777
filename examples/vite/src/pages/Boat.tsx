import { useParams } from 'react-router'
import { fleet } from '../fleet'

export function Boat() {
  const { name } = useParams()
  const boat = fleet.find((candidate) => candidate.name === name)
  return boat ? (
    <p>
      {boat.name} is {boat.metres} m long.
    </p>
  ) : (
    <p>No such boat.</p>
  )
}
