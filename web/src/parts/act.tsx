import { Button, type ButtonProps, Tooltip } from 'antd';
import { useId } from 'react';

interface ActProps extends Omit<ButtonProps, 'disabled'> {
  /** Why this cannot be done now; the button stays reachable and says so. */
  why?: string | undefined;
}

/** A button that explains itself where it refuses. */
export function Act({ why, onClick, ...props }: ActProps) {
  const id = useId();
  if (!why) return <Button {...props} onClick={onClick} />;
  return (
    <Tooltip title={why}>
      <span>
        <Button {...props} className={`${props.className ?? ''} act-refused`} aria-disabled="true" aria-describedby={id} htmlType="button" />
        <span id={id} className="hidden-text">
          {why}
        </span>
      </span>
    </Tooltip>
  );
}
